import { describe, expect, it } from 'vitest';
import { isKinship, relatives, type Relative } from '../../src/shared/kinship.ts';

interface Person extends Relative {
  readonly id: string;
}
const person = (id: string, relation: string, sex: '男' | '女', born: string | null = null): Person => ({
  id,
  relation,
  sex,
  born,
});
const head = person('head', '户主', '男', '1960-01');
const wife = person('wife', '配偶', '女', '1962-01');
const elder = person('elder', '子', '男', '1985-01');
const younger = person('younger', '子', '男', '1990-01');
const daughter = person('daughter', '女', '女', '1988-01');
const inLaw = person('inLaw', '儿媳', '女', '1987-01');
const granny = person('granny', '母', '女', '1940-01');
const home = [head, wife, elder, younger, daughter, inLaw, granny];
const meant = (said: string, speaker: Person): string[] =>
  relatives(
    said,
    speaker,
    home.filter((one) => one !== speaker),
  ).map(({ id }) => id);

describe('a kinship word', () => {
  it.each([
    ['大儿子', head, ['elder']],
    ['小儿子', wife, ['younger']],
    ['我儿子', head, ['elder', 'younger']],
    ['我姐', younger, ['daughter']],
    ['我弟', elder, ['younger']],
    ['我哥', elder, []],
    ['我哥', inLaw, []],
    ['婆婆', inLaw, ['wife']],
    ['婆婆', younger, ['granny']],
    ['公公', inLaw, ['head']],
    ['儿媳妇', wife, ['inLaw']],
    ['我屋头女子', head, ['daughter']],
  ] as const)('%s', (said, speaker, ids) => {
    expect(meant(said, speaker)).toEqual(ids);
  });

  it('leaves it open who is older when a birth date is missing', () => {
    const sons = [person('a', '子', '男'), person('b', '子', '男', '1990-01')];
    expect(relatives('大儿子', head, sons)).toEqual(sons);
  });

  it.each(['王大爷', '何俊杰', '小李'])('is not %s', (said) => {
    expect(isKinship(said)).toBe(false);
  });
});
