import type { Member } from '../members/index.ts';
import { cleanLine } from '../shared/text.ts';

type Sex = '男' | '女';
interface Kin {
  readonly words: readonly string[];
  /** Generations down from the speaker: 1 child, -1 parent. */
  readonly down: number;
  readonly sex: Sex | null;
  /** The speaker's husband or wife. */
  readonly spouse?: true;
}

/** How people of the household are called, Sichuan words included. */
const kin: readonly Kin[] = [
  { words: ['妈', '妈妈', '老妈', '母亲', '娘', '老娘', '妈老汉儿'], down: -1, sex: '女' },
  { words: ['爸', '爸爸', '老爸', '父亲', '爹', '老汉', '老汉儿', '老爹'], down: -1, sex: '男' },
  { words: ['婆婆', '奶奶', '外婆', '婆'], down: -2, sex: '女' },
  { words: ['爷爷', '外公', '公公', '爷'], down: -2, sex: '男' },
  { words: ['儿子', '儿', '幺儿', '大儿子', '小儿子'], down: 1, sex: '男' },
  { words: ['女儿', '女', '幺女', '女娃', '女娃儿'], down: 1, sex: '女' },
  { words: ['娃', '娃儿', '娃娃', '孩子', '小孩', '细娃', '细娃儿'], down: 1, sex: null },
  { words: ['孙子', '孙儿', '外孙'], down: 2, sex: '男' },
  { words: ['孙女', '外孙女'], down: 2, sex: '女' },
  { words: ['老婆', '婆娘', '媳妇', '老婆子', '堂客', '内人', '妻子'], down: 0, sex: '女', spouse: true },
  { words: ['老公', '男人', '老头', '老头子', '丈夫', '男的'], down: 0, sex: '男', spouse: true },
  { words: ['那口子', '爱人', '对象', '屋头', '屋里', '两口子', '老伴', '老伴儿'], down: 0, sex: null, spouse: true },
];

interface Place {
  /** Generations down from the head's. */
  readonly down: number;
  /** The couple that the person belongs to, to find husbands and wives. */
  readonly couple: string;
  /** Married into the head's line: their own parents and brothers stand elsewhere. */
  readonly married?: true;
}

/** 与户主关系 → where the person stands in the household. Unknown words stand nowhere. */
const places: Readonly<Record<string, Place>> = {
  户主: { down: 0, couple: 'head' },
  配偶: { down: 0, couple: 'head', married: true },
  妻: { down: 0, couple: 'head', married: true },
  夫: { down: 0, couple: 'head', married: true },
  子: { down: 1, couple: 'son' },
  长子: { down: 1, couple: 'son' },
  次子: { down: 1, couple: 'second son' },
  儿媳: { down: 1, couple: 'son', married: true },
  女: { down: 1, couple: 'daughter' },
  长女: { down: 1, couple: 'daughter' },
  次女: { down: 1, couple: 'second daughter' },
  女婿: { down: 1, couple: 'daughter', married: true },
  父: { down: -1, couple: 'parents' },
  父亲: { down: -1, couple: 'parents' },
  母: { down: -1, couple: 'parents' },
  母亲: { down: -1, couple: 'parents' },
  孙子: { down: 2, couple: 'grandson' },
  孙: { down: 2, couple: 'grandson' },
  孙女: { down: 2, couple: 'granddaughter' },
};

const prefixes = /^(?:我们|我|俺|咱)?(?:家里|屋头|屋里|家|屋)?(?:的)?/u;

/** The kinship word in what was said (我妈, 屋头那口子), or null when it is a name. */
function kinOf(said: string): Kin | null {
  const bare = said.replace(prefixes, '');
  const found = (word: string): Kin | null => kin.find(({ words }) => words.includes(word)) ?? null;
  return found(bare) ?? found(said.replace(/^我/, ''));
}

/** Whether what was said points at a relative rather than naming somebody. */
export const isKinship = (said: string): boolean => kinOf(cleanLine(said)) !== null;

/** Who of the household may be meant by a kinship word of that member; several when it isn't clear. */
export function relatives(said: string, speaker: Member, household: readonly Member[]): Member[] {
  const meant = kinOf(cleanLine(said));
  const from = places[speaker.relation];
  if (meant === null || from === undefined) return [];
  return household.filter((other) => {
    const place = places[other.relation];
    if (other._id === speaker._id || place === undefined) return false;
    if (meant.sex !== null && other.sex !== meant.sex) return false;
    if (meant.spouse === true) return place.couple === from.couple && other.sex !== speaker.sex;
    if (meant.down < 0 && from.married === true) return false;
    if (meant.down > 0 && place.married === true) return false;
    return place.down === from.down + meant.down;
  });
}

const parts = /\s*(?:、|,|,|和|跟|与|同|加|还有|\s)\s*/u;

/** Who is named in 我跟老婆子, 王秀英、我妈: the speaker left out. */
export function namesIn(text: string): string[] {
  const me = new Set(['', '我', '我们', '本人', '自己', '一路', '一起', '一路去', '一起去', '去', '来']);
  return cleanLine(text)
    .replace(/(?:一路|一起|一块儿?|一同)?(?:去|来|参加)?(?:的)?[。.!！]*$/u, '')
    .split(parts)
    .map((name) => name.trim())
    .filter((name) => !me.has(name));
}
