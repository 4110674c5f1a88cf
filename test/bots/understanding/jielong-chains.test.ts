import { describe, expect, it } from 'vitest';
import { readSteps } from '../../support/chain-steps.ts';

const weeding = '#接龙\n桂花园除草';

describe('whose line it is', () => {
  it.each([
    [
      'a number that the person changes',
      [
        ['M0005', '+ 周哥 2人'],
        ['M0021', '+ 何俊杰'],
        ['M0005', '= 周哥 4人\n何俊杰'],
      ],
      'M0005 4 M0005, M0021 1 M0021',
    ],
    [
      'a number that the signer changes for somebody else',
      [
        ['M0021', '+ 何俊杰\n春花'],
        ['M0021', '= 何俊杰\n春花 2人'],
      ],
      'M0021 1 M0021, 春花 2 M0021',
    ],
    [
      'a number that another changes is asked',
      [
        ['M0005', '+ 周哥 2人'],
        ['M0021', '= 周哥 5人\n何俊杰'],
      ],
      'M0005 2 M0005, M0021 1 M0021, ? change 周哥',
    ],
    [
      'a husband is another',
      [
        ['M0045', '+ 黄洪英'],
        ['M0044', '= 黄洪英 取消\n董哥'],
      ],
      'M0045 1 M0045, M0044 1 M0044, ? change 黄洪英',
    ],
    [
      'cancelled by the person',
      [
        ['M0021', '+ 何俊杰'],
        ['M0021', '= 何俊杰 不来了'],
      ],
      '',
    ],
    [
      'cancelled by the signer',
      [
        ['M0022', '+ 何俊杰\n袁诗雨'],
        ['M0022', '= 何俊杰取消\n袁诗雨'],
      ],
      'M0022 1 M0022',
    ],
    [
      'cancelled by the person whom another signed up',
      [
        ['M0022', '+ 何俊杰'],
        ['M0021', '= 何俊杰（去不成了）'],
      ],
      '',
    ],
    [
      'crossed out',
      [
        ['M0021', '+ 何俊杰'],
        ['M0021', '= ❌何俊杰'],
      ],
      '',
    ],
    [
      'cancelled in front',
      [
        ['M0021', '+ 何俊杰'],
        ['M0021', '= 取消：何俊杰'],
      ],
      '',
    ],
    [
      'what another wrote is settled when the person says the same',
      [
        ['M0021', '+ 何俊杰'],
        ['M0005', '= 何俊杰 取消\n周哥'],
        ['M0021', '= 何俊杰 不来了\n周哥'],
      ],
      'M0005 1 M0005',
    ],
    [
      'two on a line, cancelled together',
      [
        ['M0021', '+ 何俊杰、袁诗雨'],
        ['M0005', '+ 周哥'],
        ['M0021', '= 何俊杰、袁诗雨 都不来了\n周哥'],
      ],
      'M0005 1 M0005',
    ],
    [
      'two on a line, one of them perhaps cancelled, is asked',
      [
        ['M0021', '+ 何俊杰、袁诗雨'],
        ['M0021', '= 何俊杰、袁诗雨不来了'],
      ],
      'M0021 1 M0021, M0022 1 M0021, ? change 何俊杰, ? change 袁诗雨',
    ],
    [
      'a refusal of somebody who never signed up',
      [
        ['M0021', '+ 何俊杰'],
        ['M0021', '+ 袁诗雨 来不成'],
      ],
      'M0021 1 M0021',
    ],
    [
      'perhaps, later for sure',
      [
        ['M0005', '+ 周哥 看情况'],
        ['M0005', '= 周哥 来'],
      ],
      'M0005 1 M0005',
    ],
    [
      'perhaps, later not',
      [
        ['M0005', '+ 周哥 说不准'],
        ['M0005', '= 周哥 不来了'],
      ],
      '',
    ],
    [
      'for sure, later perhaps, stays and is asked',
      [
        ['M0005', '+ 周哥 2人'],
        ['M0005', '= 周哥 2人 说不准哦'],
      ],
      'M0005 2 M0005, ? tentative 周哥',
    ],
    [
      'a family, later a number',
      [
        ['M0005', '+ 周哥 一家人'],
        ['M0005', '= 周哥 一家人 4个'],
      ],
      'M0005 4 M0005',
    ],
  ] as const)('%s', (_, steps, expected) => {
    expect(readSteps('一组', 'A1', weeding, steps)).toBe(expected);
  });
});

describe('companions who stay away', () => {
  it.each([
    ['周哥 1人（另外两个来不了）', 1],
    ['周哥 3人（另外两个来不了）', 1],
    ['周哥 3人 婆娘不来了', 2],
    ['周哥（婆娘不来了）', 2],
    ['周哥 3人 少1个', 2],
    ['周哥 3人改2人', 2],
    ['周哥 3人 1个来不了', 2],
    ['周哥 其他人来不了', 1],
    ['周哥 3人，娃儿要上学来不成', 2],
    ['周哥 只来1个', 1],
    ['周哥 3人→2人', 2],
    ['周哥 3人 再加1个', 4],
    ['周哥 就我一个人来', 1],
    ['周哥 3人（带2把锄头）', 3],
    ['周哥 3人（1人来不了）', 2],
    ['周哥 3人-1', 2],
    ['周哥 3人+1', 4],
    ['周哥 3变2', 2],
    ['周哥 2人（原3人）', 2],
    ['周哥 原来3人现在2人', 2],
    ['周哥 不是3人，是2人', 2],
    ['周哥 另外两个有事', 1],
    ['周哥 多来一个', 4],
    ['周哥 3人（老汉不来了，改2人）', 2],
    ['周哥 2个来不了', 1],
    ['周哥 取消2个', 1],
    ['周哥 来不了那么早', 3],
    ['周哥 3人 晚点来', 3],
  ] as const)('%s', (line, people) => {
    expect(
      readSteps('一组', 'A1', weeding, [
        ['M0005', '+ 周哥 3人'],
        ['M0005', `= ${line}`],
      ]),
    ).toBe(`M0005 ${people} M0005`);
  });

  it('everybody', () => {
    expect(
      readSteps('一组', 'A1', weeding, [
        ['M0005', '+ 周哥 3人'],
        ['M0005', '= 周哥 3人 都来不了'],
      ]),
    ).toBe('');
  });
});

describe('old copies and copies at once', () => {
  it.each([
    [
      'an old copy lowers no number',
      [
        ['M0005', '+ 周哥 2人'],
        ['M0005', '= 周哥 4人'],
        ['M0021', '= 周哥 2人\n何俊杰'],
      ],
      'M0005 4 M0005, M0021 1 M0021',
    ],
    [
      'an old copy brings nobody back',
      [
        ['M0005', '+ 周哥'],
        ['M0005', '= 周哥 取消'],
        ['M0021', '= 周哥\n何俊杰'],
      ],
      'M0021 1 M0021',
    ],
    [
      'an old cancellation cancels nothing again',
      [
        ['M0005', '+ 周哥'],
        ['M0005', '= 周哥 取消'],
        ['M0005', '= 周哥 又来 2人'],
        ['M0021', '= 周哥 取消\n何俊杰'],
      ],
      'M0005 2 M0005, M0021 1 M0021',
    ],
    [
      'a line that is missing is no cancellation',
      [
        ['M0005', '+ 周哥'],
        ['M0021', '+ 何俊杰'],
        ['M0044', '= 周哥\n董哥'],
      ],
      'M0005 1 M0005, M0021 1 M0021, M0044 1 M0044',
    ],
    [
      'two add the same number at once',
      [
        ['M0005', '+ 周哥'],
        ['M0021', '= 周哥\n何俊杰 2人'],
        ['M0044', '= 周哥\n董哥'],
        ['M0063', '= 周哥\n董哥\n高嬢嬢'],
      ],
      'M0005 1 M0005, M0021 2 M0021, M0044 1 M0044, M0063 1 M0063',
    ],
    [
      'another order, other spaces, other numbers',
      [
        ['M0005', '+ 周哥 2人'],
        ['M0021', '#接龙\n桂花园除草\n①何俊杰\n②周哥2人'],
        ['M0044', '#接龙\n桂花园除草\n3、周 哥 2人\n5、何 俊 杰\n9、董哥'],
      ],
      'M0005 2 M0005, M0021 1 M0021, M0044 1 M0044',
    ],
    [
      'the same line twice',
      [
        ['M0005', '+ 周哥'],
        ['M0021', '= 周哥\n周哥\n何俊杰\n何俊杰'],
      ],
      'M0005 1 M0005, M0021 1 M0021',
    ],
    [
      'the same person by nickname and by name',
      [
        ['M0005', '+ 周哥'],
        ['M0006', '+ 周俊杰\n于明会'],
      ],
      'M0005 1 M0005, M0006 1 M0006',
    ],
    [
      'the person corrects what another signed',
      [
        ['M0040', '+ 周天才\n何嬢嬢'],
        ['M0041', '+ 何德芬 2人'],
      ],
      'M0040 1 M0040, M0041 2 M0040',
    ],
    [
      'a number retyped in other words by others',
      [
        ['M0005', '+ 周哥 2人'],
        ['M0005', '= 周哥 3人'],
        ['M0021', '= 周哥2个\n何俊杰'],
      ],
      'M0005 3 M0005, M0021 1 M0021',
    ],
    [
      'two copies in one message',
      [
        ['M0005', '+ 周哥'],
        ['M0021', `${weeding}\n1. 周哥\n2. 何俊杰\n${weeding}\n1. 周哥\n2. 董哥\n3. 高嬢嬢`],
      ],
      'M0005 1 M0005, M0021 1 M0021, M0044 1 M0021, M0063 1 M0021',
    ],
    [
      'pasted twice without a head between',
      [
        ['M0005', '+ 周哥'],
        ['M0021', `${weeding}\n1. 周哥\n2. 何俊杰\n1. 周哥\n2. 何俊杰\n3. 高嬢嬢`],
      ],
      'M0005 1 M0005, M0021 1 M0021, M0063 1 M0021',
    ],
    [
      'all on one line',
      [['M0005', '#接龙 桂花园除草 1.周哥 2.何俊杰 2人 3.高嬢嬢']],
      'M0005 1 M0005, M0021 2 M0005, M0063 1 M0005',
    ],
    ['without numbers', [['M0005', '#接龙\n桂花园除草\n周哥\n何俊杰 2人']], 'M0005 1 M0005, M0021 2 M0005'],
    [
      'the last line without a number',
      [
        ['M0005', '+ 周哥'],
        ['M0021', `${weeding}\n1. 周哥\n何俊杰 2人`],
      ],
      'M0005 1 M0005, M0021 2 M0021',
    ],
  ] as const)('%s', (_, steps, expected) => {
    expect(readSteps('一组', 'A1', weeding, steps)).toBe(expected);
  });
});
