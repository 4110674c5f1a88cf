import { formatDay } from '../src/shared/calendar/index.ts';
import { deadline, line, ticket, type ReportLine } from './feedback.parts.ts';

/** For an officer: what waits, the most urgent first, and behind it one's own reports. */
export function office(own: readonly ReportLine[], waiting: readonly ReportLine[], total: number): string {
  const more = total > waiting.length ? `,先列${waiting.length}件` : '';
  return [
    `您手上待办${total}件${more}:`,
    ...waiting.map((one) => `${ticket(one.number)} ${one.gist ?? one.category},最迟${formatDay(one.due)}`),
    ...own.map(line),
  ].join('\n');
}

/** What handlers are told, in their direct chats. */
export const duty = {
  assigned: (report: ReportLine): string =>
    `【派单】${ticket(report.number)} ${report.category}:${report.gist ?? ''}。${deadline(report.due)}。办好回“办结 ${report.number} 说明”。`,
  reopened: (report: ReportLine): string =>
    `【重办】${ticket(report.number)} ${report.gist ?? ''}:反映人说没办好。${deadline(report.due)}。`,
  withdrawn: (report: ReportLine): string =>
    `【撤单】${ticket(report.number)} ${report.gist ?? ''}:反映人已撤回,不用办了。`,
  dueSoon: (report: ReportLine): string =>
    `【提醒】${ticket(report.number)} ${report.gist ?? ''}:今天到期,还没办结。要延期回“延期 ${report.number} 天数 原因”。`,
  escalated: (report: ReportLine): string =>
    `【督办】${ticket(report.number)} ${report.gist ?? ''}:已超期,经办人${report.handler ?? '网格员'}。请过问。`,
};

export type CadreWork = 'accept' | 'progress' | 'resolve' | 'assign' | 'extend' | 'reject' | 'transfer';

/** The preview of a cadre's change; 确认 does it. */
export function preview(
  work: CadreWork,
  report: ReportLine,
  detail: { note: string; name: string | null; days: number | null },
): string {
  const head = `${ticket(report.number)} ${report.gist ?? ''}`;
  const what: Readonly<Record<CadreWork, string>> = {
    accept: '受理',
    progress: `办理中,说明:${detail.note}`,
    resolve: `办结,说明:${detail.note},会通知反映人`,
    assign: `转派给${detail.name ?? ''}`,
    extend: `延期${detail.days ?? 0}个工作日,原因:${detail.note}`,
    reject: `不受理,原因:${detail.note},会通知反映人`,
    transfer: `上报镇上,说明:${detail.note},会通知反映人`,
  };
  return `${head}\n${what[work]}。\n回“确认”就办。`;
}

export function handled(work: CadreWork, report: ReportLine, name: string | null): string {
  const number = ticket(report.number);
  const what: Readonly<Record<CadreWork, string>> = {
    accept: `${number}已受理。`,
    progress: `${number}已记为办理中。`,
    resolve: `${number}已办结。`,
    assign: `${number}已转派给${name ?? '经办人'}。`,
    extend: `${number}已延期,${deadline(report.due)}。`,
    reject: `${number}已记为不受理。`,
    transfer: `${number}已上报镇上。`,
  };
  return what[work];
}

export function notDone(): string {
  return '好,没有改动。';
}

export function whichAssignee(names: readonly string[]): string {
  return ['派给哪一位?回数字就行。', ...names.map((name, at) => `${at + 1} ${name}`)].join('\n');
}

export function noAssignee(): string {
  return '没找到能办这件事的这个人,请写姓名全称。';
}

export function elsewhere(): string {
  return '这个请在管理群或者私聊里发,没有动。';
}

export function needsNote(work: CadreWork): string {
  if (work === 'extend') return '请写上延几天和原因,比如“延期 312 2天 等材料”。';
  if (work === 'reject') return '请写上为什么不受理,比如“不受理 312 不归村里管”。';
  const word = work === 'progress' ? '办理' : '办结';
  return `请在编号后面写上说明,比如“${word} 312 已换灯泡”。`;
}
