import type { Cadre, Category, Known, Reading } from '../../src/feedback/index.ts';
import { placeOf } from './report-place.ts';

type Topic = Exclude<Category, '干部作风' | '其他'>;
type Rule = readonly [words: RegExp, weight: number];

/**
 * What a report is about, by the words that people use for it. 3: names the matter by itself. 2: usually
 * that matter. 1: a hint, which decides only beside others. Where the matter stands in a quarrel with a
 * neighbour, in a claim for money or for land, that counts more than the thing it is about.
 */
const rules: Readonly<Record<Topic, readonly Rule[]>> = {
  道路交通: [
    [/坡.{0,6}(?:陡|滑)|打滑|防滑|停满.{0,3}车|把路|路.{0,4}埋|村道|堵死|挖断/g, 3],
    [/公路|马路|村道|机耕道|断头路|水泥路|土路|泥巴路|便道|产业路|入户路|硬化/g, 3],
    [/护栏|急弯|弯道|减速带|红绿灯|斑马线|凸面镜|反光镜|会车|错车|桥(?!头堡)|涵洞|路基|边坡|塌方|滑坡|路面/g, 3],
    [
      /那条路|这条路|[条截段]路|路(?:上|中间|边)?.{0,6}(?:烂|垮|塌|坑|凼|稀|滑|断|窄|堵|陷|裂|不平)|修路|补路|铺.{0,3}(?:碎石|沥青)/g,
      3,
    ],
    [/(?:大|深|个)坑|坑坑洼洼|烂路|不好走|没法走|走不(?:得|成|过)|过不(?:了|去|到)|堵(?:车|起|了)/g, 2],
    [/公交|班车|客车|村村通/g, 2],
    [/停车|乱停|超载|大货车|大车|摩托|三轮|电动车|开车|骑车/g, 1],
    [/路/g, 1],
  ],
  水电通信: [
    [/打不(?:出|通)|一格都没|水.{0,6}(?:细|抽不上|上不来)|抽不上水|停气|充电桩/g, 3],
    [
      /路灯|停电|断电|跳闸|电线|电杆|电表|变压器|电压|线路|漏电|电费|用电|没(?:得)?电|灯(?:泡)?.{0,4}(?:不亮|熄|坏|黑)|太阳能灯/g,
      3,
    ],
    [
      /停水|断水|没(?:得)?水|来水|水管|水表|水压|自来水|供水|水厂|水费|吃水|饮水|浑水|水.{0,3}(?:浑|黄|小得|有味)|管子?.{0,3}(?:爆|漏)|爆管|漏水|水龙头/g,
      3,
    ],
    [
      /信号|网络|宽带|断网|没(?:得)?网|网速|wifi|WiFi|光纤|基站|移动公司|电信|联通|广播|大喇叭|喇叭.{0,4}(?:不响|坏|哑)|电视.{0,4}(?:没得|收不|看不)|天然气|燃气|气管/g,
      3,
    ],
    [/不亮|黑起|黢黑|冒水/g, 1],
  ],
  环境卫生: [
    [/建渣|渣土|废品|农药瓶|地膜|养.{1,6}把水|水.{0,6}(?:没法用|发黑|发绿|变黑)|堆了一堆|白蚁|卫生条件/g, 3],
    [
      /垃圾|保洁|清运|卫生死角|厕所|茅厕|化粪池|粪水|粪便|猪粪|鸡粪|牛粪|臭水|污水|排污|脏水|臭水沟|黑水|阴沟|下水道/g,
      3,
    ],
    [
      /养猪场|养鸡场|养殖场|屠宰|臭得|恶臭|臭气|熏人|苍蝇|蚊子|耗子多|老鼠多|死猪|死鸡|死鱼|灰尘|扬尘|烧秸秆|焚烧|冒(?:黑)?烟|噪音|噪声|污染|乱倒|乱丢|乱堆|乱扔/g,
      3,
    ],
    [/脏得|脏兮兮|不干净|没得人扫|没人扫|打扫|臭|杂草|卫生(?!室|院|所|站|费)/g, 2],
    [/沟|河里|堰塘/g, 1],
  ],
  社会保障: [
    [/报销|丧葬|安葬费|孤老|残联|民政|救济|困难补贴|低收入|生育津贴|养老院|敬老院/g, 3],
    [
      /低保|五保|特困|养老(?:金|保险|钱)|社保|医保|新农合|合作医疗|高龄津贴|高龄补贴|残疾(?:证|补贴|人补贴)|护理补贴|临时救助|大病救助|医疗救助|救助|抚恤|优待金|孤儿|留守|失业|工伤|退休金|退役军人|独生子女费|计生奖/g,
      4,
    ],
    [
      /报销|困难补助|慰问|领钱|没打钱|没发|没到账|断了.{0,3}钱|津贴|资格认证|生存认证|廉租|孤寡|困难户|贫困户|脱贫户/g,
      2,
    ],
    [/补贴|补助/g, 1],
  ],
  邻里纠纷: [
    [
      /旁边那家|两家(?:人)?|劝一(?:哈|下)|闹(?:起来|矛盾|得)|(?:吃|刨|踩|糟蹋|泼|倒).{0,3}(?:到)?我(?:的|家|屋)|借(?:了)?.{0,6}不还/g,
      3,
    ],
    [
      /邻居|隔壁|对门|邻里|评(?:哈|下|一下|个)?理|调解|扯皮|扯筋|吵(?:架|了一架|起来)|骂架|打架|闹矛盾|纠纷|说(?:也|都)?说不听/g,
      3,
    ],
    [
      /赔都不赔|不(?:肯|愿)?赔|占(?:了|到|起)?我|地界|田坎.{0,4}(?:挖|占|移)|挡(?:到|了|住)我|挡光|采光|滴水|院墙|霸占|赔(?:我|钱)|不准我|堵(?:了|到|起)?我(?:屋|家)|半夜.{0,6}(?:放歌|吵|打麻将|唱)/g,
      2,
    ],
    [
      /他(?:屋|家|们屋)|[张王李赵刘陈杨黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文]家(?:的|那|养|砌|修|把|占|挖|排|堆|泡|在)/g,
      1,
    ],
  ],
  土地房屋: [
    [/基本农田|自留地|地基|房票|产权|过户|危改|土地租/g, 3],
    [
      /征地|拆迁|安置(?:房|费)?|青苗|土地(?:证|流转|确权|承包)|确权|承包(?:地|合同)|流转费|租金|丈量|量地|宅基地|房产证|不动产|危房|危旧房|违建|违章建|私搭|乱搭|建房|起房子|修房|房屋(?:漏|裂|鉴定)|房子.{0,6}(?:裂|漏|垮|斜|塌|要倒)|墙.{0,4}(?:裂|垮|斜)|复垦|退耕|林权|红线/g,
      4,
    ],
    [/几亩|亩|占地|地块|补偿/g, 2],
  ],
  农业生产: [
    [
      /黄龙病|技术员|农资|干得开裂|浇(?:不上|不到)水|缺水.{0,4}(?:田|栽|灌)|秋收|春耕|收割|育秧|猪崽|牛瘟|养蜂|蜜蜂|鱼苗/g,
      3,
    ],
    [
      /野猪|庄稼|谷子|苞谷|玉米|洋芋|红苕|油菜|柑子|柑橘|李子|果树|花椒|秧|插秧|稻|打药|农药|化肥|种子|病虫|虫害|虫子|稻瘟|蝗虫|旱|灌溉|放水|水渠|渠道|堰渠|沟渠|提灌|抽水机|山坪塘|农机|收割机|旋耕机|烘干|卖不(?:脱|出|掉)|滞销|猪瘟|鸡瘟|死猪娃|兽医|防疫针|打霜|冰雹|种粮补贴|耕地地力|农业保险|撂荒|大棚|蔬菜|药材|茶叶|蚕/g,
      3,
    ],
    [/遭.{0,3}(?:拱|啃|糟蹋)|收成|种地|栽|田头|土头/g, 2],
    [/田|坡上/g, 1],
  ],
  治安安全: [
    [/撬|门锁|石头.{0,8}(?:滚|落|掉|垮|松)|烧(?:火|山)|放火|野火|燃起来|液化气|酒驾|飙车|抢劫|尾随|骚扰|陌生/g, 3],
    [/溺水|落水|耍水|游泳|(?:堰塘|水库|水池|河边|井).{0,6}(?:护栏|栏杆|围栏)/g, 4],
    [
      /小偷|偷|遭贼|强盗|抢|骗子|诈骗|骗(?:老|钱|了|人|走)|赌博|打牌赌|吸毒|斗殴|报警|派出所|监控|摄像头|可疑|陌生人|传销|贩/g,
      3,
    ],
    [
      /安全隐患|隐患|栏杆|掉下去|井.{0,6}(?:盖|栏)|没得盖|井盖|消防|火灾|失火|起火|着火|火星|电线.{0,4}(?:掉|垂|落)|落石|滚石|山体|裂缝|地灾|危险|出事|砸到|疯狗|野狗|恶狗|狗咬|咬人|拴狗|蜂窝|马蜂|高压线|鞭炮|火炮/g,
      3,
    ],
    [/怕.{0,6}(?:娃儿|老人|老年人|人).{0,6}(?:掉|摔|伤|出)|吓人|半夜.{0,8}(?:转|敲)/g, 2],
  ],
  文教医疗: [
    [/音响|跳舞|没人教|支教|校园|书本|医务|救护车|感冒|看不到病|转院|非遗|舞龙|春晚/g, 3],
    [/卫生室|卫生院|卫生站|村医|医生|药|看病|打针|疫苗|体检|降压药|救护|家庭医生|义诊|住院/g, 3],
    [
      /校车|学校|小学|幼儿园|幼儿班|老师|教室|读书|上学难|入学|学籍|补课|营养餐|午餐|农家书屋|图书室|书屋|文化室|文化站|广场舞|健身器材|健身|篮球(?:场|架)|坝坝电影|电影|戏台|儿童之家|老年活动|活动室/g,
      3,
    ],
    [/娃儿.{0,4}(?:读书|上学)/g, 1],
  ],
};

const stands: Readonly<Partial<Record<Topic, RegExp>>> = {
  // A quarrel or a claim for money or land is the matter, whatever it is about.
  邻里纠纷: /评.{0,2}理|调解|扯皮|隔壁(?![村组县镇])|邻居|对门/,
};

/** What somebody in office is blamed for. */
const blame =
  /作风|吼(?:人|我|群众)|骂(?:人|我|群众|老百姓)|打人|吃拿卡要|卡要|收(?:了)?(?:我|钱|红包|好处|礼|烟|回扣|.{0,5}费).{0,8}(?:不开票|没开票|不给票|不开条|没得票)|不开(?:票|条|收据)|乱收(?:费|钱)|收红包|收好处|收礼|要好处|吃回扣|回扣|贪|截留|挪用|冒领|套取|克扣|虚报|造假|优亲厚友|以权谋私|走后门|关系户|照顾(?:自己|亲戚|他屋|熟人)|看人(?:来|下菜|说话)|偏心|不公(?:平|正|道)?|推诿|推脱|推三阻四|踢皮球|不作为|乱作为|刁难|为难(?:人|我)|耍横|霸道|欺负|威胁|打击报复|报复|态度.{0,6}(?:差|撇|孬|恶劣|凶|不好|歪|横|要不得|难看)|脸(?:色)?.{0,3}难看|喝(?:酒|得醉)|公款|大吃大喝|吃喝|打牌|打麻将|上班.{0,6}(?:不在|没得人|耍)|不办事|不落实|说了不算|糊弄|哄(?:人|骗|我们)|暗箱|包工程|塞给.{0,4}(?:亲戚|熟人)|不管(?:事|我们|群众)|爱理不理|不理人|官僚|摆架子|(?:每回|回回|总)都?说没空|没(?:得)?一个人在|没(?:得)?人在(?:岗|办公)|自己掏钱|(?:说话|讲话).{0,4}(?:难听|冲|冒火)|气哭|包给.{0,4}(?:舅子|亲戚|熟人|兄弟|侄)|给(?:了)?(?:他|她)?(?:自家|自己)?的?(?:亲戚|熟人|兄弟|侄)|账目?.{0,4}不(?:清|公开|对)|(?:款|钱|账).{0,4}不公开|(?:钱|款).{0,6}(?:用到哪|哪去了|去向)/;
const named =
  /干部|村官|领导|村委|村支两委|支委|书记|村长|主任|网格员|网格长|社长|组长|队长|会计|文书|监督委|监委会|社工|工作人员|办事员|村上的人|村里的人|当官的|(?:村上|村里|村委会?|镇上)办事/;
/** Said outright, no further sign needed. */
const outright = /干部作风|作风问题|(?:反映|举报|投诉|检举).{0,12}(?:干部|书记|主任|网格员|村长|会计|监督委)/;

const titles: readonly (readonly [pattern: RegExp, role: Cadre['role']])[] = [
  [/网格员/, '网格员'],
  [/网格长/, '网格长'],
  [/妇女主任|妇联主席|妇联主任/, '妇女主任'],
  [/村主任|(?<!妇女|妇联|班)主任|村长/, '村主任'],
  [/书记|支书/, '村支书'],
  [/监督委员|监委会|监督委/, '监督委员'],
  [/社工/, '社工'],
];

/** Cadres whom the text calls by full name, or by surname and office (吴网格员, 许书记). */
function calledByName(text: string, cadres: readonly Cadre[]): string[] {
  return cadres
    .filter(({ name, role }) => {
      if (text.includes(name)) return true;
      const surname = name.slice(0, 1);
      return titles.some(
        ([title, office]) => office === role && new RegExp(`${surname}(?:${title.source})`).test(text),
      );
    })
    .map(({ member }) => member);
}

/** Cadres whom the text means by their office alone (where it names nobody of that office), in the grid that it names or else in the reporter's. */
function calledByOffice(text: string, cadres: readonly Cadre[], grid: string | null): string[] {
  const grids = new Set(cadres.map(({ scope }) => scope).filter((scope) => scope !== 'village'));
  const mentioned = [...grids].filter((one) => text.includes(one));
  const places = mentioned.length > 0 ? mentioned : grid === null ? [] : [grid];
  const named = calledByName(text, cadres);
  const known = new Set(cadres.filter(({ member }) => named.includes(member)).map(({ role }) => role));
  return cadres
    .filter(
      ({ role, scope }) =>
        !known.has(role) &&
        titles.some(([title, office]) => office === role && title.test(text)) &&
        (scope === 'village' || places.includes(scope)),
    )
    .map(({ member }) => member);
}

export function isAboutConduct(text: string, cadres: readonly Cadre[]): boolean {
  if (outright.test(text)) return true;
  return blame.test(text) && (named.test(text) || calledByName(text, cadres).length > 0);
}

/** The topic with the most weight; null when nothing speaks clearly for one. */
function topicOf(text: string): Topic | null {
  let best: Topic | null = null;
  let most = 0;
  let second = 0;
  for (const [topic, words] of Object.entries(rules) as [Topic, readonly Rule[]][]) {
    let sum = 0;
    for (const [pattern, weight] of words) {
      const hits = new Set(text.match(pattern)).size;
      sum += weight * Math.min(hits, 2);
    }
    if (stands[topic]?.test(text)) sum += 4;
    if (sum > most) {
      second = most;
      most = sum;
      best = topic;
    } else if (sum > second) second = sum;
  }
  return most >= 2 && most > second ? best : most >= 3 ? best : null;
}

/** What a text is about: 干部作风 when it complains of somebody in office, 其他 when nothing is clear. */
export function categoryOf(text: string, cadres: readonly Cadre[] = []): Category {
  return isAboutConduct(text, cadres) ? '干部作风' : (topicOf(text) ?? '其他');
}

const thing =
  /路灯|护栏|栏杆|垃圾桶|垃圾(?!桶)|公路|桥|涵洞|大?坑|凼|井盖|老井|水井|水管|水表|停水|没得?水|停电|没得?电|电线|电杆|变压器|信号|网络|喇叭|厕所|化粪池|污水|粪水|野猪|水渠|堰塘|滑坡|塌方|减速带|摄像头|监控|狗|卫生室|路面|(?<![公马])路(?!灯|边|口|过|面|上|费)/g;
/** Different words for one thing. */
const sameThing: Readonly<Record<string, string>> = {
  大坑: '坑',
  凼: '坑',
  没水: '停水',
  没得水: '停水',
  没电: '停电',
  没得电: '停电',
  栏杆: '护栏',
  监控: '摄像头',
  污水: '粪水',
  垃圾: '垃圾桶',
  水井: '老井',
  路面: '路',
  公路: '路',
};

/** The things that a text speaks of, one word for each. */
export function thingsOf(text: string): string[] {
  return [...new Set((text.match(thing) ?? []).map((word) => sameThing[word] ?? word))];
}

const atHome = /我(?:们)?(?:屋|家)/;

/** Reads a report: category, place, things, and whom it names. */
export function readReport(text: string, known: Known): Reading {
  const category = categoryOf(text, known.cadres);
  const about = [
    ...calledByName(text, known.cadres),
    ...(category === '干部作风' ? calledByOffice(text, known.cadres, known.grid) : []),
  ];
  const place = placeOf(text);
  return {
    category,
    place,
    things: thingsOf(text),
    home: place === null && atHome.test(text),
    about: [...new Set(about)],
  };
}
