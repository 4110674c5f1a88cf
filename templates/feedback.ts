import { noAssignee } from './feedback.cadres.ts';
import { because, deadline, line, ticket, type ReportLine } from './feedback.parts.ts';

type Facts = Readonly<Record<string, string | number | boolean | null>>;

/** In a group: filed, with its number. `limit` says who and until when. */
export function filed(report: ReportLine & { hasImages: boolean }, duplicate: number | null): string {
  const photo = report.hasImages ? '' : ',有照片可以现在发';
  const head = `记下了${ticket(report.number)}:${report.gist ?? ''}(${report.category})${photo}。`;
  const owner = `现在由${report.handler ?? '网格员'}办理,${deadline(report.due)}。`;
  const offer = duplicate === null ? '' : `\n附近7天内有1条相同的(${ticket(duplicate)}),是同一处吗?回“是”就并到一起。`;
  return `${head}${owner}${offer}`;
}

/** 干部作风 in a direct chat: the inspector alone hears of it. */
export function filedConduct(report: ReportLine): string {
  return `记下了${ticket(report.number)}(${report.category})。只交给负责监督的人办理,不会告诉当事人。${deadline(report.due)}。`;
}

/** In a group nothing is said of what it is about. */
export function filedQuietly(): string {
  return '收到了,会有人办理。要补充情况请私聊我。';
}

export function askWhat(): string {
  return '是什么事、在哪里?说一声我就记下。';
}

export function added(number: number, photos: number, mergeOpen: boolean): string {
  const what = photos > 0 ? `照片已放进${ticket(number)}` : `已补充到${ticket(number)}`;
  return mergeOpen ? `${what}。是同一处的话,回“是”就并到一起。` : `${what}。`;
}

export function addedQuietly(): string {
  return '收到了。';
}

export function merged(into: number, line: ReportLine): string {
  return `好,已并到${ticket(into)},办好会告诉您。现在由${line.handler ?? '网格员'}办理,${deadline(line.due)}。`;
}

export function keptApart(number: number): string {
  return `好,${ticket(number)}单独办理。`;
}

export function progress(reports: readonly ReportLine[]): string {
  return reports.length === 0 ? '您还没有反映过问题。要反映就发“反馈”加内容。' : reports.map(line).join('\n');
}

export function rated(number: number, score: number | null): string {
  const stars = score === null ? '' : `${score}分,`;
  return `${ticket(number)}:${stars}谢谢您。`;
}

/** `asks`: the reporter hasn't said what is missing; `direct`: text is taken as an answer. */
export function reopened(number: number, due: Date, asks: boolean, direct: boolean): string {
  const head = `${ticket(number)}已重新办理,${deadline(due)}。`;
  if (!asks) return head;
  return direct ? `${head}哪里没办好,说一声,也可以发照片。` : `${head}哪里没办好,请发照片,或私聊我说。`;
}

/** The numbers stand for the reports in this order. */
export function whichToRate(reports: readonly ReportLine[]): string {
  return [
    '评价哪一条?回数字就行。',
    ...reports.map(
      (one, at) => `${at + 1} ${ticket(one.number)}${one.gist === null ? `(${one.category})` : ` ${one.gist}`}`,
    ),
  ].join('\n');
}

export function nothingToRate(): string {
  return '现在没有等您评价的事。办好了会告诉您。';
}

export function askScore(number: number): string {
  return `${ticket(number)}办得怎么样?回1到5分,5分最好。`;
}

export const undone = {
  file: (number: number): string => `${ticket(number)}已撤回,不再办理。`,
  quietly: (): string => '已撤回。',
  merge: (number: number): string => `${ticket(number)}已分开,单独办理。`,
  rate: (number: number): string => `${ticket(number)}的评价已收回。`,
  add: (number: number): string => `刚补充到${ticket(number)}的已去掉。`,
};

/** News to reporters where they filed: in a group without details. */
export const news = {
  resolved: (number: number, outcome: string | null): string =>
    `${ticket(number)}办好了${because(outcome)}。请看看,满意回“评价 ${number} 5”,没整好回“评价 ${number} 1”。`,
  rejected: (number: number, outcome: string | null): string =>
    `${ticket(number)}没有受理${because(outcome)}。想再问回“转人工”。`,
  transferred: (number: number, outcome: string | null): string =>
    `${ticket(number)}村里办不了,已上报镇上${because(outcome)}。有结果会告诉您。`,
  /** 干部作风 that was filed in a group: its number goes to the reporter alone. */
  filed: (number: number, due: Date): string =>
    `您在群里反映的事记下了,编号${ticket(number)},只交给负责监督的人办理。${deadline(due)}。`,
};

const words: Readonly<Record<string, string>> = {
  submitted: '还没派人',
  accepted: '已受理',
  assigned: '正在办理',
  'in progress': '正在办理',
  resolved: '已办好',
  confirmed: '已办好并评价',
  reopened: '正在重办',
  merged: '已并到别的编号',
  withdrawn: '已撤回',
  rejected: '没有受理',
  transferred: '已上报镇上',
  closed: '已办结',
};
const numberOf = (facts: Facts): string => (typeof facts['number'] === 'number' ? ticket(facts['number']) : '这一条');
const stateOf = (facts: Facts): string => words[String(facts['status'])] ?? '现在办不了';

/** What the pipeline says when a verb refuses. */
export const faults: Readonly<Record<string, (facts: Facts) => string>> = {
  'feedback.empty': () => '请在“反馈”后面写上是什么事、在哪里,比如“反馈 三组坎下路灯不亮”。',
  'feedback.not-found': () => '没查到您的这个编号,请核对一下。回“进度”看自己报的。',
  'feedback.wrong-state': (facts) => `${numberOf(facts)}${stateOf(facts)},这样改不了。`,
  'feedback.too-late': (facts) =>
    `${typeof facts['into'] === 'number' ? ticket(facts['into']) : '那一条'}已经办完了,${numberOf(facts)}单独办理。`,
  'feedback.cannot-merge': (facts) => `${numberOf(facts)}单独办理,不合并。`,
  'feedback.not-resolved': (facts) => `${numberOf(facts)}${stateOf(facts)},办好了再评价。`,
  'feedback.already-rated': (facts) => `${numberOf(facts)}已经评过了。没整好请再发一次“反馈”。`,
  'feedback.bad-score': () => '请回1到5的分数,5分最好。',
  'feedback.moved-on': (facts) => `${numberOf(facts)}已经有人接着办,收不回了。`,
  'feedback.reason-missing': () => '请写上原因。',
  'feedback.bad-extension': (facts) => `延期的天数不对,一共最多${String(facts['most'] ?? 30)}个工作日。`,
  'feedback.bad-assignee': () => noAssignee(),
  'feedback.full': (facts) => `${numberOf(facts)}补充得太多,放不下了,这条没有记上。还有要说的请另发一条“反馈”。`,
  'feedback.busy': () => '正有人在改这一条,请过一会儿再试。',
};
