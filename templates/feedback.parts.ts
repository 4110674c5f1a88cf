import { formatDay } from '../src/shared/calendar/index.ts';

/** FK0312: at least four digits. */
export function ticket(number: number): string {
  return `FK${String(number).padStart(4, '0')}`;
}

/** What stands in a reply about a report; the text only where it may be shown. */
export interface ReportLine {
  readonly number: number;
  readonly category: string;
  readonly status: string;
  readonly gist: string | null;
  /** The owner's name, or null: 网格员. */
  readonly handler: string | null;
  readonly due: Date;
  readonly outcome: string | null;
  readonly mergedInto: number | null;
}

const most = 24;

/** The report in a few words. */
export function gist(text: string): string {
  const line = text.replaceAll(/\s+/gu, ' ').trim();
  return [...line].length <= most ? line : `${[...line].slice(0, most).join('')}…`;
}

export function deadline(due: Date): string {
  return `最迟${formatDay(due)}前回复`;
}

/** What became of it, where there is something to say. */
export function because(text: string | null): string {
  return text === null ? '' : `:${gist(text)}`;
}

const states: Readonly<Record<string, (line: ReportLine) => string>> = {
  submitted: (line) => `已受理,正在派人,${deadline(line.due)}`,
  accepted: (line) => `${line.handler ?? '网格员'}已受理,${deadline(line.due)}`,
  assigned: (line) => `已派给${line.handler ?? '网格员'}办理,${deadline(line.due)}`,
  'in progress': (line) => `${line.handler ?? '网格员'}正在办理,${deadline(line.due)}`,
  resolved: (line) => `已办好${because(line.outcome)},请评价(评价 ${line.number} 1-5)`,
  confirmed: (line) => `已办好${because(line.outcome)},已评价`,
  reopened: (line) => `没办好,${line.handler ?? '网格员'}重新办理,${deadline(line.due)}`,
  merged: (line) => (line.mergedInto === null ? '已合并办理' : `已并到${ticket(line.mergedInto)}办理`),
  withdrawn: () => '已撤回',
  rejected: (line) => `没有受理${because(line.outcome)}`,
  transferred: (line) => `村里办不了,已上报镇上处理${because(line.outcome)}`,
  closed: (line) => `已办结${because(line.outcome)}`,
};

/** Where a report stands, in one line. */
export function line(report: ReportLine): string {
  const what = report.gist === null ? `(${report.category})` : ` ${report.gist}`;
  const via = report.mergedInto === null ? '' : `(并到${ticket(report.mergedInto)})`;
  const state = states[report.status];
  return `${ticket(report.number)}${via}${what}:${state === undefined ? report.status : state(report)}。`;
}
