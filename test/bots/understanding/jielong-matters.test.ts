import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  beginChain,
  chainOf,
  readChain,
  type ChainCall,
  type ChainState,
} from '../../../bots/understanding/jielong.ts';
import { calls, peopleOf } from '../../support/read-chains.ts';

const at = new Date('2026-03-18T09:30:00+08:00');
const people = peopleOf('二组');
const callOf = (id: string): ChainCall[] => calls.filter(({ activity }) => id.split(' ').includes(activity));
const write = (state: ChainState | null, text: string, open = calls): ReturnType<typeof readChain> =>
  readChain(state, open, people, { from: 'M0090', text, at });

describe('the activity that a head names', () => {
  it.each([
    ['桂花园扯草，礼拜六', 'A1'],
    ['星期六上午桂花园，去的接', 'A1'],
    ['周六除草的接起', 'A1'],
    ['3月21号桂花园锄草', 'A1'],
    ['桂花园拔草，8点半大门口集合', 'A1'],
    ['农技课 3月22下午两点 服务站会议室', 'A2'],
    ['星期天下午技术培训', 'A2'],
    ['听花椒培训的报名', 'A2'],
    ['院坝会！今晚7点！', 'A3'],
    ['晚上开会的接龙', 'A3'],
    ['二组晒坝今晚坝坝会', 'A3'],
    ['28号村口花园栽花', 'A4'],
    ['村口补种三角梅🌺', 'A4'],
    ['村口花园3月28日劳动', 'A4'],
    ['党员植树 20号', 'A5'],
    ['周五后山种树，党员都要来', 'A5'],
    ['4月3日堰塘巡查', 'A6'],
    ['防溺水志愿者', 'A6'],
    ['農技培訓報名', 'A2'],
    ['接龙：桂花园除草（带锄头手套）误工补助50元一天', 'A1'],
    ['桂花园除草，中午管饭，不收钱', 'A1'],
  ])('%s', (head, activity) => {
    expect(write(null, `#接龙\n${head}\n\n1. 杨哥`)?.activity).toBe(activity);
  });
});

describe('a chain about another matter', () => {
  it.each([
    ['土鸡蛋接龙 1块2一个，30个起', '杨哥 60个'],
    ['自家菜籽油 12元一斤', '杨哥 5斤'],
    ['坝坝舞队报尺码', '杨哥 XL'],
    ['65岁以上老人免费体检，要去的报名', '杨哥 2人'],
    ['镇上打流感疫苗登记', '杨哥 2人'],
    ['团购脐橙一箱39包邮', '杨哥 2箱'],
    ['去县城拼车 明早6点', '杨哥 2人'],
    ['清明祭祖订纸钱', '杨哥 3份'],
    ['交医保的接龙', '杨哥 4人'],
    ['小学家长会', '杨哥'],
    ['三角梅花园浇水轮班', '杨哥'],
    ['桂花园除草的手套一起买 5块一双', '杨哥 2双'],
    ['腊肉15元/斤，要好多写好多', '杨哥 3斤'],
    ['统计养鸡的', '杨哥 20只'],
    ['水果拼单：草莓、樱桃', '杨哥 2盒'],
    ['借锄头的登记', '杨哥'],
    ['周六桂花园拍婚纱照当群演', '杨哥'],
  ])('%s', (head, line) => {
    const read = write(null, `#接龙\n${head}\n\n1. ${line}`);
    expect(read?.activity ?? null).toBeNull();
    expect(read?.changes ?? []).toEqual([]);
  });

  it('goes on between the copies of an activity, and neither takes the lines of the other', () => {
    let state: ChainState | null = null;
    for (const text of [
      '#接龙\n桂花园除草\n\n1. 杨哥',
      '#接龙\n土鸡蛋 1块一个\n\n1. 于嬢嬢 30个',
      '#接龙\n土鸡蛋 1块一个\n\n1. 于嬢嬢 30个\n2. 冯哥 60个',
      '#接龙\n3. 胡嬢嬢 20个',
      '4. 罗小燕 2个',
      '#接龙\n桂花园除草\n\n1. 杨哥\n2. 曹秀英',
      '#接龙\n3. 梁哥',
      '#接龙\n\n1. 于嬢嬢 30个\n2. 冯哥 60个\n5. 王世琼',
    ]) {
      state = write(state, text)?.state ?? state;
    }
    const names = chainOf(state, 'A1').entries.map(({ name }) => name);
    expect(names).toEqual(['杨哥', '曹秀英', '梁哥']);
  });

  it('is known by its goods where it has no head', () => {
    expect(write(null, '#接龙\n\n1. 杨哥 5斤\n2. 冯哥 3斤', callOf('A1'))?.activity ?? null).toBeNull();
  });
});

describe('a chain without a head', () => {
  const text = '#接龙\n\n1. 杨哥';
  it('belongs to the only open call', () => {
    expect(write(null, text, callOf('A2'))?.activity).toBe('A2');
  });
  it('belongs to the one that the bot has posted', () => {
    expect(write(beginChain(null, 'A4'), text)?.activity).toBe('A4');
    expect(write(beginChain(null, 'A4'), '2. 冯哥')?.activity).toBe('A4');
  });
  it('belongs to nothing when several are open', () => {
    expect(write(null, text)).toBeNull();
  });
  it('belongs to the chain whose lines it repeats', () => {
    const first = write(null, '#接龙\n桂花园除草\n1. 杨哥\n2. 冯哥');
    const second = write(first?.state ?? null, '#接龙\n农技培训\n1. 罗小燕\n2. 梁哥');
    expect(write(second?.state ?? null, '#接龙\n1. 杨哥\n2. 冯哥\n3. 萧明会')?.activity).toBe('A1');
  });
  it('belongs to nothing once its activity is over', () => {
    const first = write(null, '#接龙\n桂花园除草\n1. 杨哥');
    expect(write(first?.state ?? null, '#接龙\n桂花园除草\n1. 杨哥\n2. 冯哥', callOf('A2'))).toBeNull();
  });
  it('two activities of the same name are told apart by the day, or not at all', () => {
    const [one] = callOf('A3');
    if (one === undefined) throw new Error('no such activity');
    const twice = [one, { ...one, activity: 'A9', startsAt: new Date('2026-03-25T19:00:00+08:00') }];
    expect(write(null, '#接龙\n院坝会 3月25日晚上\n1. 杨哥', twice)?.activity).toBe('A9');
    expect(write(null, '#接龙\n院坝会\n1. 杨哥', twice)?.activity ?? null).toBeNull();
  });
  it('keeps its head when the day was moved', () => {
    const first = write(null, '#接龙\n桂花园除草 周六 3月21日\n1. 杨哥');
    const moved = callOf('A1').map((one) => ({ ...one, startsAt: new Date('2026-03-22T08:30:00+08:00') }));
    const next = write(first?.state ?? null, '#接龙\n桂花园除草 周六 3月21日\n1. 杨哥\n2. 冯哥', moved);
    expect(next?.changes).toHaveLength(1);
  });
});

describe('chatter while a chain is current', () => {
  const line = z.object({ text: z.string(), room: z.string().nullish(), where: z.string().optional() });
  const said = ['../../data/week/week-exact.jsonl'].flatMap((file) =>
    readFileSync(new URL(file, import.meta.url), 'utf8')
      .trim()
      .split('\n')
      .flatMap((row) => line.safeParse(JSON.parse(row)).data?.text ?? []),
  );
  const more = [
    '1. 路灯坏了\n2. 水管爆了',
    '3月21日要下雨',
    '2人',
    '2',
    '2. 可以',
    '1.先关电 2.再关水',
    '明天值班：\n1. 杨哥\n2. 冯哥',
    '今天的菜价\n1. 白菜 1块\n2. 萝卜 8角',
    '二、明天开会',
    '3组的路修好没得',
    '1、2、3都到齐了',
    '5点半接娃儿',
    '2. 要得，晓得了',
    '1. 杨哥你来不来\n2. 冯哥你呢',
    '一、关好门窗\n二、不要外出\n三、有事打电话',
    '2. 白菜',
    '2 帮我妈也报一个',
    '2 我也去',
    '13800001234',
    '1. 杨哥家的狗又跑出来了',
  ];
  it.each([...said.filter((text) => !text.includes('接龙')), ...more])('%s', (text) => {
    const first = write(null, '#接龙\n桂花园除草\n1. 杨哥\n2. 曹秀英', callOf('A1'));
    const read = readChain(first?.state ?? null, callOf('A1'), people, { from: 'M0135', text, at });
    expect(read?.changes ?? []).toEqual([]);
    expect(read?.questions ?? []).toEqual([]);
  });
});
