import { formatDate } from '../src/shared/calendar/index.ts';

interface Card {
  readonly title: string;
  readonly summary: string;
  readonly materials: readonly string[];
  readonly contact: string;
  readonly deadline: string | null;
  readonly validFrom: string;
  readonly sample: boolean;
}

const mark = (sample: boolean): string => (sample ? '【示例,不作数】' : '');

/** One card, within six lines. */
export function card(it: Card): string {
  return [
    `${mark(it.sample)}${it.title}`,
    it.summary,
    ...(it.materials.length === 0 ? [] : [`带上:${it.materials.join('、')}`]),
    ...(it.deadline === null ? [] : [`截止:${formatDate(it.deadline)}`]),
    `去哪里:${it.contact}`,
    `来源:政策明白纸,${it.validFrom.slice(0, 4)}年起。细节回“转人工”。`,
  ].join('\n');
}

/** Several fit: which one? */
export const which = (titles: readonly string[]): string =>
  `查到${titles.length}个,回数字看:\n${titles.map((title, index) => `${index + 1} ${title}`).join('\n')}`;

/** Too many to list: the categories. */
export const categories = (names: readonly string[]): string =>
  `有这些方面的政策:${names.join('、')}。发“政策”加一个词,比如:政策 ${names[0] ?? '医保'}`;

export const none = '现在还没有政策明白纸。要问人回“转人工”。';
export const unknown = '这个我没有查到准确的政策,不敢乱说。要问人回“转人工”。';
export const gone = '这张明白纸已经换了,请再查一次。';
