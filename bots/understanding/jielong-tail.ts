import { kinWords } from '../../src/shared/kinship.ts';
import { countPattern, parseCount } from '../../src/shared/numerals.ts';

/** One step of a sum: total sets it, add always adds, with adds unless a total says how many there are. */
interface Step {
  readonly kind: 'total' | 'family' | 'add' | 'with';
  readonly n: number;
}

/** What stands behind the names of a line: how many, whether they come. */
export interface Tail {
  readonly steps: readonly Step[];
  /** Companions who don't come after all (negative: who come too); rest: everybody but the named person. */
  readonly gone: number | 'rest';
  /** The number follows every name and counts for each. */
  readonly each: boolean;
  /** 一家人, 两三个: how many isn't clear. */
  readonly unclear: boolean;
  /** Relatives who come along, as called. */
  readonly kin: readonly string[];
  readonly out: boolean;
  readonly tentative: boolean;
  /** Speaks to or about somebody: 辛苦了, 你来几个. */
  readonly chat: boolean;
  readonly asks: boolean;
  /** Quantities of things: 2件, XL. */
  readonly things: number;
  /** What wasn't understood. */
  readonly rest: string;
}

type Draft = { -readonly [K in keyof Tail]: Tail[K] } & { steps: Step[]; kin: string[]; parts: number[] };

const num = countPattern;
export const kinPattern = `(?:${kinWords.filter((word) => !['两口子', '屋头', '屋里', '对象'].includes(word)).join('|')})`;
const unit = '(?:个人|口人|人|个|位|名|口)';
const noun =
  '(?:小娃儿?|小孩儿?|小朋友|小的|娃儿|娃娃|娃|孩子|细娃儿?|大人|老人家?|老的|老年人|成人|亲戚|朋友|同事|邻居|客人|学生|伙伴|伴|劳力|家属|志愿者|男的|女的|妇女)';
/** 个 without a person behind it counts things: 2个板凳. */
const ofPeople = `(?=$|[^\\p{Script=Han}]|${noun}|[来去都也参报一到左上以吧哈哦嘛改变了就要在全我娃孙儿女老男妇]|大人|没|不|有事)`;
export const outPattern =
  '(?:取消|撤销|撤回|退出|作废|划掉|划了|删掉|删了|算了|请假|走不脱|走不开|抽不开身|没得?(?:空|时间)|(?:来|去|参加|到|走|赶|报)不(?:了|成|到|起|脱|倒|拢|赢)|(?:没法|没办法|不能|不得|不想|无法|懒得|不)(?:来|去|参加|报名|报|接)了?|不要了|退了)';
const away = `(?:${outPattern}|有事(?=[\\s,.)。!]*$))`;
const between =
  '(?:\\s|,|都|也|又|临时|那天|今天|明天|要上班|上班|有事|感冒了?|生病了?|病了|不舒服|要上学|上学|走人户|要?赶场)*';
const bring = '(?:带起|带上|带着|带了|带|领|牵|约|喊|抱|背起)';
const more = '(?:另外加|另外|另加|另带|再加|外加|还加|加上|加|还有|还带|外带|添|\\+)';
const measure = '[把张条个副根台双顶挑只袋瓶桶辆部]';
/** What people bring along to the work. */
const tool =
  '锄头|镰刀|扫把|扫帚|铲子|铁铲|铲|手套|板凳|凳子|椅子|背篼|背篓|箩筐|撮箕|剪刀|枝剪|水桶|水管|扁担|草帽|雨衣|雨伞|伞|胶鞋|水壶|水瓶|杯子|麻袋|垃圾袋|夹子|火钳|花苗|苗子|花|苗|茶水|茶|工具|家伙';
const vehicle = '三轮车?|摩托车?|电瓶车?|电动车?|电马儿|自行车|单车|面包车|货车|小车|汽车|拖拉机|公交车?|班车|车子?';
const families =
  '(?:口子|爷子|娘母|子母|母子|母女|父子|父女|爷女|姊妹|姐妹|弟兄|兄弟|兄妹|姐弟|婆孙|爷孙|祖孙|婆媳|公婆|夫妻|夫妇|妯娌)';
const pair = '(?:夫妻|夫妇|母子|母女|父子|父女|爷孙|婆孙|祖孙|姐妹|姊妹|兄弟|弟兄|姐弟|兄妹|婆媳|爷儿?|娘儿?|哥|姐)';

const oneKin = new RegExp(`${kinPattern}|${noun}`, 'gu');

const count = (text: string | undefined): number | null => {
  const n = text === undefined ? null : parseCount(text);
  return n !== null && n >= 1 && n <= 99 ? n : null;
};
const step =
  (kind: Step['kind']) =>
  (tail: Draft, found: RegExpExecArray): void => {
    const n = count(found[1]);
    if (n !== null) tail.steps.push({ kind, n });
  };
const set =
  (key: 'out' | 'tentative' | 'chat' | 'asks' | 'unclear') =>
  (tail: Draft): void => {
    tail[key] = true;
  };
const skip = (): void => undefined;
const thing = (tail: Draft): void => void tail.things++;
const withKin = (tail: Draft, words: string): void => {
  const all = words.match(oneKin) ?? [];
  tail.kin.push(...all);
  tail.steps.push({ kind: 'with', n: all.length });
};
const leaves = (tail: Draft, n: number): void => {
  if (tail.gone !== 'rest') tail.gone += n;
};

type Rule = readonly [pattern: string, read: (tail: Draft, found: RegExpExecArray) => void];

/** Tried in this order at every place; what none of them takes is left over. */
const rules: readonly Rule[] = [
  [
    '(?:不|没|莫)取消|不[来去]不(?:行|可|得)|不得不[来去]|来不[了到](?:那么|恁个|恁|这么|太)早|不能(?:准时|按时|早)',
    skip,
  ],
  ['(?:落雨|下雨|天晴|天气好)(?:了|的话)?(?:也|都)(?:来|去)', skip],
  [
    '(?:要是|如果|万一)?(?:不?落雨|不?下雨|天晴|天气好|出太阳|落大雨)(?:了|的话)?(?:就|再|才)?不?(?:来|去)',
    set('tentative'),
  ],
  ['(?:可能|也许|大概|看情况|说不定|不一定)(?:会|要|还|再)*(?:带|加|多)', set('unclear')],
  ['可能(?:会|要)?(?=晚|迟|先走|早走)|又(?:可以|能|要)?(?:来|去)得?(?:了|成)?', (tail) => void (tail.out = false)],
  ['\\d{1,2}:\\d{2}|\\d{5,}|第\\s*\\d{1,3}[个位名次]?', skip],
  [`${num}\\s*(?:点半?|时|号|月|日|分钟?|小时|天|周|年|岁|组|社|队|楼|栋|期|次|届|村)(?:\\d{1,2}分?|半|钟)?`, skip],
  // 带2把锄头, 骑三轮来, 2辆车: what comes along is no order, and nobody.
  [
    `(?:自?带起?|自带|拿|扛|背)\\s*(?:${num}\\s*)?(?:${measure})?\\s*(?:${tool})(?:[、和](?:${num}\\s*)?(?:${measure})?(?:${tool}))*`,
    skip,
  ],
  [`(?:骑|开|坐|搭)(?:起|了|个|我的|自己的)?\\s*(?:${num}\\s*)?[辆部台个架]?\\s*(?:${vehicle})`, skip],
  [`${num}\\s*[辆部台架]\\s*(?:${vehicle})`, skip],
  [
    `${num}\\s*(?:把|张|辆|公?斤|块|元|件|条|桶|袋|箱|板|根|台|部|双|副|瓶|包|盒|顶|套|份|亩|挑|篼|捆|支|只|头|斗|米|码|提|筐|串|kg)`,
    thing,
  ],
  ['(?<![A-Za-z])(?:\\d?X{0,4}[SML]|均码|[大中小]号)(?![A-Za-z])', thing],
  [
    `(?:改成|改为|改|变成|变|换成|->|=>|→|>|加到|增加到|增到|减到|减为|减成|更正为?|更正)\\s*(?:只|为)?\\s*(${num})\\s*${unit}?`,
    step('total'),
  ],
  [
    `(?:另外|其他|其余|剩下|有)?的?\\s*(${num})\\s*(?:个人|人|个|位)?${noun}?${between}${away}`,
    (tail, found) => leaves(tail, count(found[1]) ?? 0),
  ],
  [
    `(?:取消|少来|少|减少|减|退|缺)\\s*(${num})\\s*(?:个人|人|个|位)`,
    (tail, found) => leaves(tail, count(found[1]) ?? 0),
  ],
  [`(?:其他|其余|另外|剩下)(?:的|几个|些)?(?:人)?${between}${away}`, (tail) => void (tail.gone = 'rest')],
  [
    `(?:只|就)(?:有|剩)?(?:我|他|她|本人|自己)(?:一个)?人?(?:来|去)`,
    (tail) => void tail.steps.push({ kind: 'total', n: 1 }),
  ],
  [`(?:我们?|他|她)?(?:家|屋头|屋里)?的?(${kinPattern})${between}${away}`, (tail) => leaves(tail, 1)],
  [`(?<=[人个位\\d]\\s?)-\\s*(${num})(?![\\d:])`, (tail, found) => leaves(tail, count(found[1]) ?? 0)],
  [`多(?:来|加|带)?\\s*(${num})\\s*(?:个人|人|个|位)`, (tail, found) => leaves(tail, -(count(found[1]) ?? 0))],
  [`(?:可能|也许|大概|估计|怕是?|恐怕)(?:是|要|会)?${outPattern}`, set('tentative')],
  [`(?:原来?|之前|先前|本来|不)(?:是|报的?)?\\s*${num}\\s*${unit}`, skip],
  [outPattern, set('out')],
  ['有事(?=[\\s,.)。!]*$)', set('out')],
  [
    `(?:大概|大约|可能|估计|差不多|应该|至少|最少|最多|起码|约)(?:有|是|要?来|去)?\\s*${num}\\s*${unit}?(?:左右)?`,
    set('unclear'),
  ],
  [`${num}\\s*(?:[-~到至或]|或者)\\s*${num}\\s*${unit}`, set('unclear')],
  [`\\d+[./]\\d+\\s*${unit}`, set('unclear')],
  [`[一二两三四五六七八九]{2}\\s*${unit}`, set('unclear')],
  [
    `${num}\\s*${unit}?(?:左右|上下|以上)|${num}多?[来把]个|(?:好几|几|好多|若干|一些|些)(?:个人|个|人|位)`,
    set('unclear'),
  ],
  [`(?:各人|各自)`, skip],
  [
    `(?:各|每人|每个)\\s*(?:来|去)?\\s*(${num})\\s*${unit}?`,
    (tail, found) => {
      step('total')(tail, found);
      tail.each = true;
    },
  ],
  [
    `(?:一家|全家|屋头|家里|我家|我们家)\\s*(?:老小|一共|共|总共)?\\s*(${num})\\s*(?:口人|口|个人|人|个)`,
    step('total'),
  ],
  [
    '一家人|一大?家子人?|一家|全家(?:人|老小|都)?|家里人|家人|屋头人|屋里人|老老少少|老小|老少|(?:屋头|屋里|家里|家)的?人?(?:都|全)(?=[来去参]|\\s|$)',
    set('unclear'),
  ],
  [`(?:老|小)?(${num})${families}`, step('family')],
  [
    '老两口|小两口|两口儿|两老|夫妻双双|夫妻(?![一-龥])|夫妇(?![一-龥])',
    (tail) => void tail.steps.push({ kind: 'family', n: 2 }),
  ],
  [`${pair}\\s*(${num})\\s*${unit}?`, step('family')],
  [
    `除了?(?:我|他|她|本人|自己)们?(?:自己)?(?:以外|之外|外|,|\\s)*(?:还有|还要|再加|另有|另外|还带|带|来|\\s)*(${num})\\s*${unit}?${noun}?`,
    step('add'),
  ],
  [
    `(?:连同|连|含|包括|包含|加上|加|算上|算|带上|带|和|跟|同)(?:(?:我|他|她|本人|自己)们?|(?<=[含连括算]|连同|算上)(?:${kinPattern}|${noun}))(?:在内|一起|一路|一共|总共|\\s)*(${num})\\s*${unit}?`,
    step('total'),
  ],
  [`(?:我|本人|自己)(?:在内|之内)`, skip],
  [`${bring}\\s*(?:${noun}|${kinPattern})\\s*(${num})\\s*个(?!人)`, step('with')],
  [`${more}\\s*(?:了|起)?\\s*(${num})(?:\\s*${unit}(?:${noun}|${kinPattern})?)?(?![\\d点:])`, step('add')],
  [
    `(?:${bring}|和|跟|与|同)\\s*(?:我|他|她)?们?(?:家|屋头|屋里)?的?\\s*(${num})\\s*(?:个|位|名|人)(?:${noun}|${kinPattern}|人)?${ofPeople}`,
    step('with'),
  ],
  // 冯哥 老婆 娃儿 come together; 冯哥 老婆 may be one or two.
  [
    `(?<=^\\s*)\\s(${kinPattern}(?:[\\s、,]+${kinPattern})+)(?![\\p{Script=Han}])`,
    (tail, found) => withKin(tail, found[1] ?? ''),
  ],
  [`(?<=^\\s*)\\s${kinPattern}\\s*$`, set('unclear')],
  [
    `(?:${more}|${bring}|和|跟|与|同|以及|及|&)\\s*(?:我|他|她|自己)?们?(?:家|屋头|屋里)?的?(?:那个|个)?\\s*((?:${kinPattern}|${noun})(?:[、,和跟与\\s]?(?:我|他|她)?(?:${kinPattern}|${noun}))*)`,
    (tail, found) => withKin(tail, found[1] ?? ''),
  ],
  [
    `(?:大人|成人|老人|娃儿|娃娃|小孩儿?|孩子)\\s*(${num})\\s*(?:个|位|名|(?![\\p{Script=Han}]))|(${num})\\s*(?:个|位|名)?\\s*(?:${noun}|${kinPattern}|大|小)(?=$|[^一-龥]|[也都来去一二两三四五六])`,
    (tail, found) => {
      const n = count(found[1] ?? found[2]);
      if (n !== null) tail.parts.push(n);
    },
  ],
  [
    `(?:${num})\\s*个(?=[\\p{Script=Han}])(?!${noun}|人|[来去都也参报一到左上以吧哈哦嘛改变了就要在全我娃孙儿女老男妇])`,
    thing,
  ],
  [`${num}\\s*${unit}的(?=[\\p{Script=Han}])`, skip],
  [`(${num})\\s*${unit}${noun}?`, step('total')],
  ['(俩|仨)', step('total')],
  [`(?<![\\p{L}\\d])(${num})(?![\\p{L}\\d:.%-])`, step('total')],
  [
    '看情况|看天气?|再看|到时候?再?(?:看|说)|说不[准定好倒]|不一定|不确定|不敢保证|[没还未]没?定(?:下来)?|未定|待定|不晓得|可能|也许|或许|大概|估计|争取|尽量|[有得]空(?:就|再|才|的话)|如果|要是|万一|考虑|来不来|去不去|再定|再说|不好说|难说',
    set('tentative'),
  ],
  ['[?]|吗|咋|怎么|哪|啥|什么|几点|好久', set('asks')],
  ['你|您|谢|辛苦|麻烦|帮|借|莫忘|记得|说|喊|问|收到|的(?=[一-龥])', set('chat')],
  [
    '屋头|屋里|家里|一定|准时|按时|肯定|参加|报(?:一个|个)?名?|同意|支持|一起|一路|一块儿?|一共|总共|拢共|合计|总计|共|就|只|本人|自己|我们?|也|都|要|会|能|可以|来|去|到|起|得|算|接|代|在内|全部|全|[了的哈哦嘛咯吧啊呀哒嘞啦喽喔噢呢]',
    skip,
  ],
  ['[^\\p{L}\\p{N}]', skip],
];
const compiled = rules.map(([pattern, read]) => [new RegExp(pattern, 'uy'), read] as const);

/** Reads what stands behind the names. */
export function readTail(text: string): Tail {
  const tail: Draft = {
    steps: [],
    parts: [],
    gone: 0,
    each: false,
    unclear: false,
    kin: [],
    out: false,
    tentative: false,
    chat: false,
    asks: false,
    things: 0,
    rest: '',
  };
  const given = text.slice(0, 200);
  for (let at = 0; at < given.length;) {
    let end = at;
    for (const [pattern, read] of compiled) {
      pattern.lastIndex = at;
      const found = pattern.exec(given);
      if (found === null || found[0] === '') continue;
      read(tail, found);
      end = at + found[0].length;
      break;
    }
    if (end === at) tail.rest += given.charAt(end++);
    at = end;
  }
  const { parts, ...read } = tail;
  const all = parts.reduce((sum, n) => sum + n, 0);
  // 2大1小 says everything; a single 1个娃儿 comes along with the named person.
  const kind = parts.length > 1 ? 'total' : 'with';
  if (all > 0 && !read.steps.some((one) => one.kind === 'total')) read.steps.push({ kind, n: all });
  return read;
}

/** People of the line, the named person included; null when no number is said. */
export function sumOf({ steps }: Tail): number | null {
  if (steps.length === 0) return null;
  let sum = 1;
  let hard = false;
  for (const { kind, n } of steps) {
    if (kind === 'total') [sum, hard] = [n, true];
    else if (kind === 'family') sum = hard ? sum : n;
    else if (kind === 'add' || !hard) sum += n;
  }
  return sum;
}
