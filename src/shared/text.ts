const horizontal = /[^\S\n]+/gu;
/** Control, bidirectional, invisible and private-use characters, lone surrogates; not line breaks. */
const invisible =
  /(?!\n)[\p{Cc}\p{Co}\p{Cs}\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
/** A zero-width joiner is kept only inside an emoji. */
const looseJoiner =
  /(?<![\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f])\u200d|\u200d(?!\p{Extended_Pictographic})/gu;

/**
 * What people typed, made safe to store and to show: NFC, one kind of line break, no control, invisible or
 * direction-changing characters, spaces folded into one, lines trimmed, at most one empty line in a row.
 * WeChat's mention ends with U+2005, which becomes a plain space: take mentions out before.
 */
export function cleanText(text: string): string {
  return text
    .replace(/\r\n?|[\u2028\u2029\u0085\v\f]/g, '\n')
    .replace(/\t/g, ' ')
    .replace(invisible, '')
    .replace(looseJoiner, '')
    .normalize('NFC')
    .replace(horizontal, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** `cleanText` on one line. */
export function cleanLine(text: string): string {
  return cleanText(text).replace(/\n+/g, ' ');
}

/** WeChat sends its own emoji as text in brackets ([强], [OK]); what it puts in place of media isn't one. */
const wechatEmoji =
  /\[(?!(?:图片|语音|视频|文件|位置|链接|动画表情|视频号|小程序|红包|转账)\])[\p{Script=Han}A-Za-z]{1,6}\]/gu;
const emoji =
  /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|\u200d|\ufe0e|\ufe0f|\u20e3|[0-9#*](?=\ufe0f?\u20e3)/gu;

/** The text without emoji, WeChat's bracketed ones included. */
export function stripEmoji(text: string): string {
  return text.replace(wechatEmoji, '').replace(emoji, '');
}

/** Whether the text consists of emoji (and spaces) only; the empty text doesn't. */
export function isEmojiOnly(text: string): boolean {
  return text.trim() !== '' && stripEmoji(text).trim() === '';
}

/** Punctuation and symbols at both ends off: `收到！！` → `收到`. */
export function trimPunctuation(text: string): string {
  return text.replace(/^[\p{P}\p{S}\s]+|[\p{P}\p{S}\s]+$/gu, '');
}

/** For comparing names and titles: half-width, lower case, without spaces and punctuation. */
export function foldText(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\p{P}\p{Z}\p{Cf}\s]/gu, '');
}

const segmenter = new Intl.Segmenter('zh', { granularity: 'grapheme' });

/** Length as people count it: an emoji or a rare character is one. */
export function textLength(text: string): number {
  let length = 0;
  for (const _ of segmenter.segment(text)) length++;
  return length;
}

/** At most `most` characters on one line, never cutting one in half; the last is … when something was cut. */
export function excerpt(text: string, most: number): string {
  const line = cleanLine(text);
  const parts: string[] = [];
  for (const { segment } of segmenter.segment(line)) {
    if (parts.length === most) return `${parts.slice(0, most - 1).join('')}…`;
    parts.push(segment);
  }
  return line;
}
