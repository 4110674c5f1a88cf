import { readNumbers } from './numbers.ts';
import { countPattern, parseCount, toHalfWidth } from '../../src/shared/numerals.ts';

/** What a message asks for: a verb of the skills and its plain data. */
export interface Command {
  readonly verb: string;
  readonly slots: Readonly<Record<string, unknown>>;
}

type Reader = (rest: string, separated: boolean) => Command['slots'] | null;

const empty: Reader = (rest) => (rest === '' ? {} : null);
const spoken: Readonly<Record<string, string>> = {
  幺: '1',
  一: '1',
  二: '2',
  两: '2',
  三: '3',
  四: '4',
  五: '5',
  六: '6',
  七: '7',
  八: '8',
  九: '9',
  零: '0',
  〇: '0',
};

/** 七四三一 → 7431: digits spoken one by one. */
export function spokenDigits(text: string): string {
  return [...text].map((sign) => spoken[sign] ?? sign).join('');
}

const ticketForm = /^(?:FK)?0*(\d{1,6})$/i;
/** `FK0315`, `0315` or `315` → `315`. */
export function readTicket(text: string): string | null {
  return ticketForm.exec(spokenDigits(toHalfWidth(text)))?.[1] ?? null;
}

const code: Reader = (rest) => {
  const found = /^[0-9A-Z]{3,8}$/.exec(spokenDigits(rest).toUpperCase());
  return found === null ? null : { code: found[0] };
};

const free =
  (slot: string, needed: boolean): Reader =>
  (rest, separated) => {
    if (rest === '') return needed ? null : {};
    return separated ? { [slot]: rest } : null;
  };

const peopleAtEnd = new RegExp(`^(.*?)\\s*(${countPattern})\\s*(?:个人|人|个|位)(?:\\s+(.+))?$`);
const forWhomAtEnd = /^(.*?)\s*(?:给|帮)(\S{1,8}?)(?:也?报(?:个?名|一个|个)?)?$/;

function people(text: string): number | null {
  const n = parseCount(text);
  return n !== null && n >= 1 && n <= 99 ? n : null;
}

/** [序号/名称] [n人] [给<谁>], in any joined or separated form. */
const signUp: Reader = (rest, separated) => {
  if (rest === '') return {};
  const slots: Record<string, unknown> = {};
  let left = rest;
  const forWhom = /(?:^|\s)(?:给|帮)/.test(left) ? forWhomAtEnd.exec(left) : null;
  if (forWhom !== null) {
    slots['forWhom'] = forWhom[2];
    left = forWhom[1] ?? '';
    // 帮扶结对 may be the name of an activity: whoever knows the names decides.
    if (left.replace(peopleAtEnd, '$1') === '') slots['whole'] = rest.slice(left.length).trim();
  }
  const sum = peopleAtEnd.exec(left);
  const n = sum === null ? null : people(sum[2] ?? '');
  if (sum !== null && n !== null) {
    slots['people'] = n;
    if (sum[3] !== undefined) slots['companions'] = sum[3];
    left = sum[1] ?? '';
  }
  return reference(left.trim(), separated, slots);
};

function reference(left: string, separated: boolean, slots: Record<string, unknown>): Command['slots'] {
  if (left === '') return slots;
  const ordinal = people(left.replace(/^第(.+?)(?:个|号)?$/, '$1').replace(/号$/, ''));
  if (ordinal !== null) return { ...slots, ordinal };
  return { ...slots, ref: left, ...(separated ? {} : { joined: true }) };
}

const cancel: Reader = (rest, separated) => reference(rest, separated, {});

const status: Reader = (rest) => {
  if (rest === '') return {};
  const ticket = readTicket(rest);
  return ticket === null ? null : { ticket };
};

const rate: Reader = (rest) => {
  const [, named, score] = /^(?:(\S+)\s+)?([1-5])\s*(?:分|星)?$/.exec(spokenDigits(rest)) ?? [];
  if (score === undefined) return null;
  const ticket = named === undefined ? undefined : readTicket(named);
  if (ticket === null) return null;
  return { score: Number(score), ...(ticket === undefined ? {} : { ticket }) };
};

/** 标题: / 内容: …, one a line after the command. */
const fieldForm = /^\s*(\S{1,6}?)\s*[:：]\s*(.*)$/;
export function readFields(text: string): Record<string, string> {
  const fields: Record<string, string> = {};
  let last: string | null = null;
  for (const line of text.split('\n')) {
    const [, name, value] = fieldForm.exec(line) ?? [];
    if (name !== undefined && value !== undefined) fields[(last = name)] = value.trim();
    else if (last !== null && line.trim() !== '') fields[last] = `${fields[last] ?? ''}\n${line.trim()}`;
  }
  return fields;
}

const draft: Reader = (rest, separated) => {
  if (rest !== '' && !separated && !/^加急(?:[\s::]|$)/u.test(rest)) return null;
  const urgent = /^\s*加急/.test(rest);
  const fields = readFields(rest.replace(/^\s*加急/, ''));
  return { urgent, fields };
};

const noticeForm = /^(?:TZ)?0*(\d{1,6})$/i;
const review: Reader = (rest) => {
  const [, number = '', verdict, reason] = /^(\S+)\s+(通过|退回)\s*([\s\S]*)$/.exec(rest) ?? [];
  const notice = noticeForm.exec(number)?.[1];
  if (notice === undefined) return null;
  return { notice, approve: verdict === '通过', ...(reason === undefined || reason === '' ? {} : { reason }) };
};

const noticeNumber: Reader = (rest) => {
  const notice = noticeForm.exec(rest)?.[1];
  return notice === undefined ? null : { notice };
};

const onTicket =
  (slot: string): Reader =>
  (rest) => {
    const [, named = '', note = ''] = /^(\S+)\s*([\s\S]*)$/.exec(rest) ?? [];
    const ticket = readTicket(named);
    return ticket === null ? null : { ticket, [slot]: note };
  };

const extend: Reader = (rest) => {
  const [, named = '', days = '', reason = ''] = /^(\S+)\s+(\S+?)(?:个?工作日|天)?(?:\s+([\s\S]+))?$/.exec(rest) ?? [];
  const ticket = readTicket(named);
  const n = parseCount(days);
  return ticket === null || n === null ? null : { ticket, days: n, reason };
};

const rollCall: Reader = (rest) => {
  const [, ref, list] = /^(\S+)(?:\s+([\s\S]+))?$/.exec(rest) ?? [];
  return ref === undefined ? null : { ref, rest: list ?? '' };
};

/** 确认 1,3,5-8; without numbers it answers what was asked. */
const chosen: Reader = (rest) => {
  const numbers = readNumbers(rest);
  return numbers === null ? null : { numbers };
};

/** 通知 TZ12: only with its letters, a bare number might mean a place in a list. */
const reach: Reader = (rest, separated) => (/^TZ/i.test(rest) ? noticeNumber(rest, separated) : null);

interface Word {
  readonly words: readonly string[];
  readonly verb: string;
  readonly read: Reader;
  /** Must be followed by a space, a colon, a line break or nothing. */
  readonly apart?: boolean;
}

/** Longer words stand before their beginnings (取消报名 before 取消活动, 我的报名 before 报名). */
const words: readonly Word[] = [
  { words: ['菜单', '帮助'], verb: 'help', read: empty },
  { words: ['政策'], verb: 'policy.ask', read: free('query', false) },
  { words: ['通知'], verb: 'notice.list', read: empty },
  { words: ['通知'], verb: 'notice.reach', read: reach },
  { words: ['反馈'], verb: 'feedback.submit', read: free('text', false) },
  { words: ['进度'], verb: 'feedback.status', read: status },
  { words: ['评价'], verb: 'feedback.rate', read: rate },
  { words: ['我的报名'], verb: 'activity.mine', read: empty },
  { words: ['取消报名'], verb: 'activity.cancel', read: cancel },
  { words: ['报名'], verb: 'activity.signup', read: signUp },
  { words: ['活动'], verb: 'activity.list', read: empty },
  { words: ['签到'], verb: 'activity.checkin', read: code },
  { words: ['要', '不要', '不要了'], verb: 'activity.offer', read: empty },
  { words: ['网格员'], verb: 'grid.contact', read: empty },
  { words: ['绑定'], verb: 'account.bind', read: code },
  { words: ['退订'], verb: 'subscription.stop', read: empty },
  { words: ['订阅'], verb: 'subscription.start', read: empty },
  { words: ['转人工'], verb: 'human', read: empty },
  // Nobody is shown, changed or erased by chat: a person sees to it.
  { words: ['看我的信息', '改我的信息', '删除我的信息'], verb: 'human', read: empty },
  { words: ['撤销'], verb: 'undo', read: empty },
  { words: ['更多'], verb: 'more', read: empty },
  { words: ['发通知'], verb: 'notice.draft', read: draft },
  { words: ['审核'], verb: 'notice.review', read: review, apart: true },
  { words: ['发绑定码'], verb: 'account.issue', read: free('name', true), apart: true },
  { words: ['认人'], verb: 'account.who', read: free('place', false), apart: true },
  { words: ['确认'], verb: 'account.confirm', read: chosen, apart: true },
  { words: ['停发'], verb: 'notice.cancel', read: noticeNumber },
  { words: ['受理'], verb: 'feedback.accept', read: onTicket('note'), apart: true },
  { words: ['不受理'], verb: 'feedback.reject', read: onTicket('reason'), apart: true },
  { words: ['发活动'], verb: 'activity.create', read: draft },
  { words: ['改期'], verb: 'activity.reschedule', read: free('rest', true) },
  { words: ['取消活动'], verb: 'activity.calloff', read: free('rest', true) },
  { words: ['名单'], verb: 'activity.roster', read: free('ref', true) },
  { words: ['点名'], verb: 'activity.rollcall', read: rollCall, apart: true },
  { words: ['办理'], verb: 'feedback.progress', read: onTicket('note'), apart: true },
  { words: ['办结'], verb: 'feedback.resolve', read: onTicket('note'), apart: true },
  { words: ['转派'], verb: 'feedback.assign', read: onTicket('to'), apart: true },
  { words: ['延期'], verb: 'feedback.extend', read: extend, apart: true },
];

/** Also said of other things: only the whole message tells, and an open question goes first. */
const weaklyRead =
  /^[通知消息公告信都也我们已经好的嗯哦,,\s]*(?:晓得|知道|看到|看见|看了|明白|清楚|了解|记住|记到|记倒|要得)[晓得知道了啦咯哈嘛哦啊呀的,,谢多辛苦书记主任村长各位大家您你\s]*$/u;
const trailing = /[\s。.!！~～,，;；]+$/u;

/**
 * Reads an exact command: the command is the whole message. Free text after the word needs a space,
 * a colon or a line break; what was joined to 报名 or 取消报名 is marked `joined` and must name
 * something that is open now. Null: not a command. `text` is clean, its full-width digits are ASCII.
 */
export function parseCommand(text: string): Command | null {
  const whole = text.trim().replace(trailing, '');
  if (whole === '') return null;
  let best: { length: number; command: Command } | null = null;
  for (const { words: names, verb, read, apart } of words) {
    for (const name of names) {
      if (!whole.startsWith(name) || (best !== null && best.length >= name.length)) continue;
      const after = whole.slice(name.length);
      const separated = /^[\s:：]/u.test(after);
      if (apart === true && after !== '' && !separated) continue;
      const slots = read(after.replace(/^[\s:：]+/u, ''), separated);
      if (slots === null) continue;
      const yes = verb === 'activity.offer' ? { yes: name === '要' } : {};
      best = { length: name.length, command: { verb, slots: { ...slots, ...yes } } };
    }
  }
  if (best !== null) return best.command;
  const maybe =
    (whole.length <= 40 && /^收到[^\n]*$|^[^\n]*收到[^\n]{0,12}$/u.test(whole)) ||
    (whole.length <= 20 && weaklyRead.test(whole));
  return maybe ? { verb: 'notice.ack', slots: { text: whole } } : null;
}
