import { describe, expect, it } from 'vitest';
import { chainOf, readChain, type ChainState } from '../../../bots/understanding/jielong.ts';
import { calls, peopleOf } from '../../support/read-chains.ts';

type Step = readonly [from: string, text: string];

/**
 * What a group's messages come to. `+ line` is the list so far with that line added, `= a\n= b` the same list
 * with other lines under it, anything else a message as it stands.
 */
function read(room: string, activities: string, head: string, steps: readonly Step[]): string {
  const open = calls.filter(({ activity }) => activities.split(' ').includes(activity));
  const people = peopleOf(room);
  let state: ChainState | null = null;
  let lines: string[] = [];
  for (const [from, given] of steps) {
    let text = given;
    if (given.startsWith('+ ')) lines = [...lines, ...given.slice(2).split('\n')];
    if (given.startsWith('= ')) lines = given.slice(2).split('\n');
    if (/^[+=] /u.test(given)) text = [head, '', ...lines.map((line, n) => `${n + 1}. ${line}`)].join('\n');
    state = readChain(state, open, people, { from, text, at: new Date('2026-03-18T09:30:00+08:00') })?.state ?? state;
  }
  return open
    .map(({ activity }) => chainOf(state, activity))
    .flatMap(({ entries, questions }) => [
      ...entries.filter(({ live }) => live).map((one) => `${one.member ?? one.name} ${one.people} ${one.signedBy}`),
      ...questions.map(({ kind, word }) => `? ${kind} ${word}`),
    ])
    .join(', ');
}

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
    expect(read('一组', 'A1', weeding, steps)).toBe(expected);
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
      read('一组', 'A1', weeding, [
        ['M0005', '+ 周哥 3人'],
        ['M0005', `= ${line}`],
      ]),
    ).toBe(`M0005 ${people} M0005`);
  });

  it('everybody', () => {
    expect(
      read('一组', 'A1', weeding, [
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
    expect(read('一组', 'A1', weeding, steps)).toBe(expected);
  });
});

describe('words that are seen from the sender', () => {
  it.each([
    [
      '我 keeps its first sender',
      [
        ['M0036', '+ 我'],
        ['M0021', '+ 何俊杰'],
      ],
      'M0036 1 M0036, M0021 1 M0021',
    ],
    [
      'two who write 我',
      [
        ['M0036', '+ 我'],
        ['M0021', '+ 我'],
        ['M0005', '+ 周哥'],
      ],
      'M0036 1 M0036, M0021 1 M0021, M0005 1 M0005',
    ],
    [
      '我妈 of two',
      [
        ['M0012', '+ 我妈'],
        ['M0046', '+ 我妈'],
      ],
      'M0011 1 M0012, M0045 1 M0046',
    ],
    [
      'two who write +1',
      [
        ['M0036', '+ +1'],
        ['M0021', '+ +1'],
      ],
      'M0036 1 M0036, M0021 1 M0021',
    ],
    [
      '我 changes the number',
      [
        ['M0036', '+ 我'],
        ['M0036', '= 我 3人'],
      ],
      'M0036 3 M0036',
    ],
    [
      '我 cancels',
      [
        ['M0036', '+ 我'],
        ['M0021', '+ 何俊杰'],
        ['M0036', '= 我 取消\n何俊杰'],
      ],
      'M0021 1 M0021',
    ],
    [
      'two unbound',
      [
        ['wx:1', '+ 我'],
        ['wx:2', '+ 我 2人'],
      ],
      '我 1 wx:1, 我 2 wx:2',
    ],
    [
      'two bearers of a nickname',
      [
        ['M0003', '+ 桂花树下'],
        ['M0033', '+ 桂花树下'],
      ],
      'M0003 1 M0003, M0033 1 M0033',
    ],
    [
      'a nickname that others wrote, and one of its bearers',
      [
        ['M0021', '+ 幺妹儿'],
        ['M0002', '+ 幺妹儿'],
      ],
      '幺妹儿 1 M0021, M0002 1 M0002, ? who 幺妹儿',
    ],
    [
      'a nickname that its writer explains',
      [
        ['M0021', '+ 幺妹儿'],
        ['M0021', '= 幺妹儿（林永芳）'],
      ],
      'M0002 1 M0021',
    ],
    [
      'a nickname written by others twice',
      [
        ['M0021', '+ 老黄牛'],
        ['M0005', '+ 老黄牛'],
      ],
      '老黄牛 1 M0021, ? who 老黄牛',
    ],
    [
      'an organiser passes on a list that ends with 我',
      [
        ['M0021', '+ 何俊杰\n我'],
        ['M0073', '= 何俊杰\n我'],
      ],
      'M0021 1 M0021, ? tentative 我',
    ],
  ] as const)('%s', (_, steps, expected) => {
    expect(read('一组', 'A1', weeding, steps)).toBe(expected);
  });
});

describe('what belongs to the text above', () => {
  const long =
    '#接龙\n【活动】桂花园除草\n时间：3月21日 8:30-11:00\n地点：桂花园大门口\n1、自带手套、锄头\n2、穿胶鞋\n3、小娃儿要大人带\n例 张三 2人\n';
  it.each([
    ['numbered', `${long}\n1. 周哥\n2. 何俊杰`, 'M0005 1 M0005, M0021 1 M0005'],
    ['numbered, without people yet', long, ''],
    ['numbered, blanks below', `${long}\n1.\n2.\n3.`, ''],
    ['blanks partly filled', `${long}\n1. 周哥\n2. \n3. ___`, 'M0005 1 M0005'],
    ['an example with a number', '#接龙\n桂花园除草\n例：\n1. 张三 2人\n\n1. 周哥', 'M0005 1 M0005'],
    ['circled', '#接龙 桂花园除草\n①带锄头②带水\n一、时间：周六8点半\n二、地点：大门口\n\n1. 周哥', 'M0005 1 M0005'],
    [
      'a call of the bot',
      '#接龙 【活动】桂花园除草\n时间:3月21日(周六,二月初三)8:30-11:00\n地点:桂花园大门口,带手套、锄头\n名额:15人。报名发“报名 桂花园除草”,或接着往下写。\n1. 周哥 2人',
      'M0005 2 M0005',
    ],
    [
      'comments between',
      '#接龙\n桂花园除草\n1. 周哥\n（莫迟到）\n--------\n2. 何俊杰\n那天怕是要落雨哦',
      'M0005 1 M0005, M0021 1 M0005',
    ],
    [
      'a quotation above',
      '「何光群：#接龙\n桂花园除草\n1. 高嬢嬢 9人」\n- - - - - - - - -\n#接龙\n桂花园除草\n1. 周哥',
      'M0005 1 M0005',
    ],
    [
      'a quotation in the old way',
      '何光群：\n1. 高嬢嬢 9人\n- - - - - - - - -\n#接龙\n桂花园除草\n1. 周哥',
      'M0005 1 M0005',
    ],
    ['a copy that was passed on', '何光群: #接龙\n桂花园除草\n\n1. 高嬢嬢 9人', ''],
    ['traditional characters', '#接龍\n桂花園除草報名\n\n1. 周俊傑 兩個', 'M0005 2 M0005'],
  ])('%s', (_, text, expected) => {
    expect(read('一组', 'A1', '', [['M0005', text]])).toBe(expected);
  });
});

describe('without a list', () => {
  it.each([
    ['M0021', '接龙 我也去', 'M0021 1 M0021'],
    ['M0021', '接龙：何俊杰两个人', 'M0021 2 M0021'],
    ['M0021', '接龙 桂花园除草 我跟袁诗雨都去', 'M0021 1 M0021, M0022 1 M0021'],
    ['M0012', '接龙 我跟我妈老汉都去', 'M0012 3 M0012'],
    ['M0021', '接龙+1', 'M0021 1 M0021'],
    ['M0021', '接龙 算我一个', 'M0021 1 M0021'],
    ['M0021', '接龙，扯草我们屋头去3个', 'M0021 3 M0021'],
    ['M0012', '接龙 帮我妈报个名', 'M0011 1 M0012'],
    ['M0012', '接龙 扯草我妈去', 'M0011 1 M0012'],
    ['M0021', '接龙 周六除草 董哥、许哥，还有高嬢嬢，一共三个', 'M0044 1 M0021, M0035 1 M0021, M0063 1 M0021'],
    ['M0021', '接龙 何俊杰 周哥 许哥', 'M0021 1 M0021, M0005 1 M0021, M0035 1 M0021'],
    ['M0021', '接龙咋个接嘛', ''],
    ['M0021', '接龙我弄不来', ''],
    ['M0021', '接龙里头黄德华是哪个', ''],
    ['M0021', '接龙满了没得', ''],
    ['M0021', '接龙的都看一下通知', ''],
    ['M0021', '接龙 鸡蛋我要30个', ''],
    ['M0021', '接龙起来嘛，何光群都接了', ''],
    ['M0021', '没接龙的赶紧接', ''],
    ['M0021', '接龙我不去', ''],
    ['M0021', '接龙我看情况', '? tentative 我'],
  ])('%s: %s', (from, text, expected) => {
    expect(read('一组', 'A1', weeding, [[from, text]])).toBe(expected);
  });

  it('a list goes on without a head', () => {
    const steps = [
      ['M0079', '+ 何光群'],
      ['M0003', '2. 桂花树下'],
      ['M0063', '#接龙\n3. 高嬢嬢'],
      ['M0035', '接龙\n4许哥 俩'],
      ['M0021', '1. 何光群\n2. 桂花树下\n3. 高嬢嬢\n4. 许哥 俩\n5. 何俊杰'],
      ['M0044', '桂花园除草\n1. 何光群\n2. 桂花树下\n6. 董哥'],
      ['M0005', '接龙 7.周哥'],
    ] as const;
    expect(read('一组', 'A1', weeding, steps)).toBe(
      'M0079 1 M0079, M0003 1 M0003, M0063 1 M0063, M0035 2 M0035, M0021 1 M0021, M0044 1 M0044, M0005 1 M0005',
    );
  });
});
