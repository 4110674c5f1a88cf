import { parseCount } from '../../src/shared/numerals.ts';

/** What a question takes. */
export type Accepts = 'yes-no' | 'number' | 'photo' | 'text';
export type Reply = { readonly yes: boolean } | { readonly number: number } | { readonly answer: string };

const ending = /[\s。.!！~～,，、👌👍🙏]+$/u;
const yesWords = new Set(['是', '是的', '对', '对的', '确认', '是同一个', '是同一处', '是同一盏']);
const noWords = new Set(['不是', '不对', '不用', '否', '不']);
/** Said to neighbours as often as to the bot: only taken where nobody else is meant. */
const softYes = new Set(['好', '好的', '要得', '可以', '行', '嗯', '嗯嗯', '要', '就是', '没错']);
const softNo = new Set(['不行', '不要', '不要了', '算了嘛', '不可以']);
const endWords = new Set(['算了', '不用了', '算了嘛', '不弄了']);

/** 算了, 不用了: ends what is open. */
export function endsDialogue(text: string): boolean {
  return endWords.has(text.trim().replace(ending, ''));
}

/** Courtesy and small signs that add nothing: 谢谢, 好的, 晓得了. */
export function isCourtesy(text: string): boolean {
  return /^(?:好的?|嗯+|哦+|要得|行|可以|谢谢?|多谢|感谢|谢谢了|谢谢你|辛苦了|晓得了|知道了|收到|ok)[啊哈嘛了哦呀你您们大家\s,，。!！]*$/iu.test(
    text.trim(),
  );
}

/**
 * Reads the answer to an open question of the same sender. In a group without a mention only words that
 * hardly mean anybody else count. Null: it is no answer.
 */
export function parseAnswer(text: string, accepts: readonly Accepts[], alone: boolean): Reply | null {
  const said = text.trim().replace(ending, '');
  if (accepts.includes('number')) {
    const [, digits] = /^第?(.{1,4}?)(?:号|个|个人|人|位)?$/u.exec(said) ?? [];
    const number = digits === undefined ? null : parseCount(digits);
    if (number !== null && number >= 0 && number <= 999) return { number };
  }
  if (accepts.includes('yes-no')) {
    if (yesWords.has(said) || (alone && softYes.has(said))) return { yes: true };
    if (noWords.has(said) || (alone && softNo.has(said))) return { yes: false };
  }
  if (accepts.includes('text') && alone && said !== '' && !isCourtesy(said)) return { answer: text.trim() };
  return null;
}

/** Looks like the answer to a question that may have closed since: 是, 2, 确认. */
export function looksLikeAnswer(text: string): boolean {
  return parseAnswer(text, ['yes-no', 'number'], true) !== null;
}
