export type Sex = '男' | '女';

/** What the registry knows of somebody's place in a household. `born`: `YYYY-MM`. */
export interface Relative {
  readonly sex: Sex | null;
  /** 与户主关系. */
  readonly relation: string;
  readonly born?: string | null;
}

/** One thing a kinship word may mean. */
interface Reading {
  /** Generations down from the speaker: 1 child, -1 parent. */
  readonly down: number;
  readonly sex: Sex | null;
  /** spouse: husband or wife; inLaw: the parent of one's husband or wife; married: the husband or wife of a child. */
  readonly how?: 'spouse' | 'inLaw' | 'married' | 'sibling';
  /** Where there are several: by age. */
  readonly age?: 'eldest' | 'youngest' | 'older' | 'younger';
}

const one = (words: string, ...readings: Reading[]): { words: readonly string[]; readings: readonly Reading[] } => ({
  words: words.split(' '),
  readings,
});
const mother: Reading = { down: -1, sex: '女', how: 'inLaw' };
const father: Reading = { down: -1, sex: '男', how: 'inLaw' };
const child = (sex: Sex | null, age?: 'eldest' | 'youngest'): Reading =>
  age === undefined ? { down: 1, sex } : { down: 1, sex, age };
const sibling = (sex: Sex, age: 'older' | 'younger'): Reading => ({ down: 0, sex, how: 'sibling', age });
const spouse = (sex: Sex | null): Reading => ({ down: 0, sex, how: 'spouse' });
const son = child('男');
const daughter = child('女');

/** How people of the household are called, Sichuan words included. */
const kin = [
  one('妈 妈妈 老妈 母亲 娘 老娘 妈老汉儿', { down: -1, sex: '女' }),
  one('爸 爸爸 老爸 父亲 爹 老汉 老汉儿 老爹', { down: -1, sex: '男' }),
  one('婆婆 婆', { down: -2, sex: '女' }, mother),
  one('奶奶 外婆', { down: -2, sex: '女' }),
  one('婆婆妈 老人婆 丈母娘 岳母', mother),
  one('公公', { down: -2, sex: '男' }, father),
  one('爷爷 外公 爷', { down: -2, sex: '男' }),
  one('老人公 老丈人 丈人 岳父', father),
  one('儿子 儿 幺儿', son),
  one('大儿子 大儿', child('男', 'eldest')),
  one('小儿子 小儿', child('男', 'youngest')),
  one('女儿 女 幺女 女娃 女娃儿 女子 闺女', daughter),
  one('大女儿 大女', child('女', 'eldest')),
  one('小女儿 小女', child('女', 'youngest')),
  one('娃 娃儿 娃娃 孩子 小孩 小孩儿 细娃 细娃儿 小娃儿 小娃 小的', child(null)),
  one('孙子 孙儿 孙 孙娃 孙娃儿 外孙', { down: 2, sex: '男' }),
  one('孙女 孙女儿 外孙女', { down: 2, sex: '女' }),
  one('孙孙', { down: 2, sex: null }),
  one('老婆 婆娘 老婆子 堂客 内人 妻子', spouse('女')),
  one('媳妇 媳妇儿', spouse('女')),
  one('儿媳 儿媳妇', { down: 1, sex: '女', how: 'married' }),
  one('女婿 女婿娃', { down: 1, sex: '男', how: 'married' }),
  one('老公 男人 老头 老头子 老头儿 丈夫 男的', spouse('男')),
  one('那口子 那位 爱人 对象 屋头 屋里 两口子 老伴 老伴儿', spouse(null)),
  one('哥 哥哥', sibling('男', 'older')),
  one('弟 弟弟', sibling('男', 'younger')),
  one('姐 姐姐', sibling('女', 'older')),
  one('妹 妹妹', sibling('女', 'younger')),
];

/** Every kinship word, longer ones first, for patterns. */
export const kinWords: readonly string[] = kin.flatMap(({ words }) => words).sort((a, b) => b.length - a.length);

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

/** What a kinship word (我妈, 屋头那口子) may mean, or null when it is a name. */
function readingsOf(said: string): readonly Reading[] | null {
  const found = (word: string): readonly Reading[] | null =>
    kin.find(({ words }) => words.includes(word))?.readings ?? null;
  return found(said.replace(prefixes, '')) ?? found(said.replace(/^我/, ''));
}

/** Whether what was said (on one clean line) points at a relative rather than naming somebody. */
export const isKinship = (said: string): boolean => readingsOf(said) !== null;

function fits(meant: Reading, speaker: Relative, from: Place, other: Relative): boolean {
  const place = places[other.relation];
  if (place === undefined || (meant.sex !== null && other.sex !== meant.sex)) return false;
  const married = place.married === true;
  switch (meant.how) {
    case 'spouse':
      return place.couple === from.couple && other.sex !== speaker.sex;
    case 'inLaw':
      return from.married === true && place.down === from.down - 1;
    case 'married':
      return married && place.down === from.down + 1;
    case 'sibling':
      if (from.married === true || married || place.down !== from.down) return false;
      return isElder(other, speaker) === (meant.age === 'older');
    default:
      if (meant.down < 0 && from.married === true) return false;
      if (meant.down > 0 && married) return false;
      return place.down === from.down + meant.down;
  }
}

const isElder = (one: Relative, than: Relative): boolean | null =>
  one.born == null || than.born == null || one.born === than.born ? null : one.born < than.born;

/** The eldest or youngest of several; all of them where a birth date is missing or two are alike. */
function byAge<T extends Relative>(all: readonly T[], age: Reading['age']): T[] {
  if (age !== 'eldest' && age !== 'youngest') return [...all];
  const at = all.filter((each) => all.every((other) => other === each || isElder(each, other) === (age === 'eldest')));
  return at.length === 1 ? at : [...all];
}

/**
 * Who of the household may be meant by a kinship word of that person; several when it isn't clear. `others`:
 * the household without the speaker.
 */
export function relatives<T extends Relative>(said: string, speaker: Relative, others: readonly T[]): T[] {
  const from = places[speaker.relation];
  if (from === undefined) return [];
  const found = new Set<T>();
  for (const meant of readingsOf(said) ?? []) {
    const fitting = others.filter((other) => fits(meant, speaker, from, other));
    for (const other of byAge(fitting, meant.age)) found.add(other);
  }
  return [...found];
}
