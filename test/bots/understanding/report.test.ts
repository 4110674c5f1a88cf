import { describe, expect, test } from 'vitest';
import { categoryOf, readReport, thingsOf } from '../../../bots/understanding/report-category.ts';
import { placeOf } from '../../../bots/understanding/report-place.ts';
import type { Cadre, Category } from '../../../src/feedback/index.ts';

const cadres: Cadre[] = [
  { member: 'M0296', name: '吴昌玉', role: '网格员', scope: '四组' },
  { member: 'M0167', name: '曹玉兰', role: '网格员', scope: '三组' },
  { member: 'M0140', name: '梁国富', role: '监督委员', scope: 'village' },
  { member: 'M0221', name: '萧天才', role: '村主任', scope: 'village' },
  { member: 'M0110', name: '许天才', role: '村支书', scope: 'village' },
  { member: 'M0280', name: '林桂芳', role: '妇女主任', scope: 'village' },
];
const about = (text: string, grid: string | null = '三组'): readonly string[] =>
  readReport(text, { cadres, grid }).about;

describe('the category of a report', () => {
  const texts: readonly (readonly [Category, string])[] = [
    ['道路交通', '二组到三组那截路全是烂泥巴 车子都陷进去了'],
    ['道路交通', '学校门口没得减速带 车开得飞快'],
    ['道路交通', '客车现在都不进村了 赶个场要走一个小时'],
    ['水电通信', '一组昨晚上又停电了 冰箱头的肉都臭了'],
    ['水电通信', '自来水是黄的 有股铁锈味'],
    ['水电通信', '三组坎下那盏路灯不亮了'],
    ['环境卫生', '有人半夜往河沟头倒建筑垃圾'],
    ['环境卫生', '隔壁村烧砖厂冒黑烟 衣服都不敢晾'],
    ['社会保障', '我爸的残疾证办下来半年了 补贴一分没得'],
    ['社会保障', '家里遭了火灾 想申请临时救助'],
    ['邻里纠纷', '对门张家的树长到我屋顶上来了 喊他砍他不砍'],
    ['邻里纠纷', '隔壁砌院墙占了我屋半米地界'],
    ['土地房屋', '我家老房子墙裂了 下雨天不敢住 想申请危房改造'],
    ['土地房屋', '征地补偿款少了两千'],
    ['农业生产', '水渠堵了 田头放不到水'],
    ['农业生产', '猴子野猪天天来啃苞谷'],
    ['治安安全', '堰塘没得护栏 娃儿老去耍水'],
    ['治安安全', '有条疯狗在村口乱咬人'],
    ['文教医疗', '农家书屋从来没开过门'],
    ['文教医疗', '村医不在 打针要跑镇上'],
    ['干部作风', '有些干部办事看人来 态度还撇得很'],
    ['干部作风', '许书记把低保给了他自家亲戚'],
    ['干部作风', '萧天才喝了酒骂人'],
    ['干部作风', '会计账目不清 钱不晓得用到哪去了'],
    ['其他', '能不能在村口安个快递柜'],
    ['其他', ''],
    ['其他', '😡😡😡'],
  ];
  for (const [category, text] of texts)
    test(`${text || 'nothing'} is ${category}`, () => {
      expect(categoryOf(text, cadres)).toBe(category);
    });

  test('a cadre who is only mentioned, thanked or awaited is no complaint of conduct', () => {
    for (const text of [
      '网格员来看过了 路灯还是没修',
      '村干部说好要来清垃圾 一直没来',
      '感谢曹玉兰上次来修水管 今天又漏了',
      '书记说要修路 好久动工',
    ])
      expect(categoryOf(text, cadres)).not.toBe('干部作风');
  });

  test('a neighbour who shouts is a quarrel, not conduct', () => {
    expect(categoryOf('隔壁李家的骂人 说也说不听', cadres)).toBe('邻里纠纷');
  });
});

describe('whom a report names', () => {
  test('by full name, or by surname and office', () => {
    expect(about('曹玉兰乱收费')).toEqual(['M0167']);
    expect(about('许书记优亲厚友')).toEqual(['M0110']);
    expect(about('给吴昌玉打过电话 路灯还是不亮')).toEqual(['M0296']);
  });

  test('by the office alone only when it complains of conduct: in the grid it names, else in the reporter’s', () => {
    expect(about('网格员收了钱不开票')).toEqual(['M0167']);
    expect(about('四组网格员收了钱不开票')).toEqual(['M0296']);
    expect(about('网格员来看过 路灯还是不亮')).toEqual([]);
    expect(about('主任吼人')).toEqual(['M0221']);
    expect(about('妇女主任吼人')).toEqual(['M0280']);
    expect(about('有些干部看人说话')).toEqual([]);
  });

  test('nobody else of the office when one of it is named', () => {
    expect(about('网格员吴昌玉吼人')).toEqual(['M0296']);
  });
});

describe('the place of a report', () => {
  const places: readonly (readonly [string, string | null])[] = [
    ['三组到村小学那条路遭大车压烂了', '三组到村小学那条路'],
    ['二组都停水三天了', '二组'],
    ['四组黄桷树底下没得信号', '四组黄桷树底下'],
    ['堰塘边边没得栏杆', '堰塘边边'],
    ['村卫生室关起门的', '村卫生室'],
    ['反馈 第3组晒坝边上垃圾满了', '第3组晒坝边上'],
    ['我妈的低保没打钱', null],
    ['', null],
  ];
  for (const [text, place] of places)
    test(`${text || 'nothing'}: ${place ?? 'none'}`, () => {
      expect(placeOf(text)).toBe(place);
    });

  test('at one’s own house only when no other place is named', () => {
    expect(readReport('我屋头停水了', { cadres, grid: '三组' }).home).toBe(true);
    expect(readReport('三组桥边水管爆了 我屋都停水了', { cadres, grid: '三组' }).home).toBe(false);
  });

  test('words for one thing are one thing', () => {
    expect(thingsOf('公路上有个凼')).toEqual(thingsOf('路中间那个大坑'));
  });

  test('a very long text is read in no time', () => {
    const started = performance.now();
    readReport('三组那个路边边的沟头'.repeat(400), { cadres, grid: '三组' });
    expect(performance.now() - started).toBeLessThan(200);
  });
});
