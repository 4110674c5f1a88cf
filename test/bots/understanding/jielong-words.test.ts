import { describe, expect, it } from 'vitest';
import { readSteps } from '../../support/chain-steps.ts';

const weeding = '#接龙\n桂花园除草';

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
    expect(readSteps('一组', 'A1', weeding, steps)).toBe(expected);
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
    expect(readSteps('一组', 'A1', '', [['M0005', text]])).toBe(expected);
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
    expect(readSteps('一组', 'A1', weeding, [[from, text]])).toBe(expected);
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
    expect(readSteps('一组', 'A1', weeding, steps)).toBe(
      'M0079 1 M0079, M0003 1 M0003, M0063 1 M0063, M0035 2 M0035, M0021 1 M0021, M0044 1 M0044, M0005 1 M0005',
    );
  });
});
