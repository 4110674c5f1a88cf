import { describe, expect, it } from 'vitest';
import { mentionsName, removeMention } from '../../../bots/understanding/mention.ts';

describe('mentionsName', () => {
  it.each(['@小溪\u2005报名', '报名 @小溪', '@小溪 报名', '@小溪,今晚几点', '＠小溪 在不在', '反馈\n@小溪\n路灯'])(
    'finds the bot in %j',
    (text) => {
      expect(mentionsName(text, '小溪')).toBe(true);
    },
  );
  it.each(['@小溪流水 来', '小溪 报名', 'a@b', ''])('finds nobody in %j', (text) => {
    expect(mentionsName(text, '小溪')).toBe(false);
  });
  it('takes a name with signs literally', () => {
    expect(mentionsName('@村.助(新) 好', '村.助(新)')).toBe(true);
    expect(mentionsName('@村x助(新) 好', '村.助(新)')).toBe(false);
  });
});

describe('removeMention', () => {
  it.each([
    ['@小溪\u2005报名 院坝会', '报名 院坝会'],
    ['网格员 @小溪', '网格员'],
    ['报名 @小溪 2人', '报名 2人'],
    ['@小溪,今晚几点', '今晚几点'],
    ['@小溪报名', '报名'],
    ['反馈 @小溪\n路灯坏了', '反馈\n路灯坏了'],
    ['@小溪 @小溪 在吗', '在吗'],
    ['@小溪', ''],
    ['没有提到', '没有提到'],
  ])('makes %j into %j', (text, rest) => {
    expect(removeMention(text, '小溪')).toBe(rest);
  });
});
