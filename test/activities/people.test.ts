import { describe, expect, it } from 'vitest';
import type { Member } from '../../src/members/index.ts';
import { namesIn, relatives } from '../../src/activities/people.ts';
import { buildMember } from '../support/members.ts';

const person = (_id: string, relation: string, sex: '男' | '女'): Member => buildMember({ _id, relation, sex });
const head = person('head', '户主', '男');
const wife = person('wife', '配偶', '女');
const son = person('son', '子', '男');
const daughter = person('daughter', '女', '女');
const inLaw = person('inLaw', '儿媳', '女');
const granny = person('granny', '母', '女');
const home = [head, wife, son, daughter, inLaw, granny];
const meant = (said: string, speaker: Member): string[] => relatives(said, speaker, home).map(({ _id }) => _id);

describe('a relative pointed out in the household', () => {
  it.each([
    ['我妈', son, ['wife']],
    ['妈', daughter, ['wife']],
    ['我老汉儿', son, ['head']],
    ['我屋头老婆子', head, ['wife']],
    ['屋头那口子', wife, ['head']],
    ['婆娘', son, ['inLaw']],
    ['我男人', inLaw, ['son']],
    ['我妈', head, ['granny']],
    ['我儿子', wife, ['son']],
    ['娃儿', head, ['son', 'daughter']],
    ['婆婆', son, ['granny']],
    ['我妈', inLaw, []],
    ['我妈', wife, []],
    ['我爷爷', son, []],
    ['我妈', granny, []],
  ] as const)('%s', (said, speaker, ids) => {
    expect(meant(said, speaker)).toEqual(ids);
  });

  it('is nobody when the registry does not say where the speaker stands', () => {
    expect(meant('我妈', person('x', '其他', '男'))).toEqual([]);
  });
});

describe('who comes along', () => {
  it.each([
    ['我跟老婆子', ['老婆子']],
    ['我和王秀英、李桂芳一起去', ['王秀英', '李桂芳']],
    ['我', []],
    ['屋头那口子', ['屋头那口子']],
  ])('%s', (said, names) => {
    expect(namesIn(said)).toEqual(names);
  });
});
