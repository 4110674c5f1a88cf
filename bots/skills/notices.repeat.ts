import type { Recurrence } from '../../src/notices/index.ts';
import { solarTerms } from '../../src/shared/calendar/index.ts';
import { countPattern, parseCount } from '../../src/shared/numerals.ts';

const n = `(${countPattern})`;
const time = /\s*(上午|早上|下午|晚上)?\s*(\d{1,2}):(\d{2})$/;
const weekdays = '日一二三四五六';

/** 8:00, 下午3:00; null when there is none, or it can't be. */
function readTime(text: string): { before: string; time: string } | null {
  const found = time.exec(text);
  if (found === null) return null;
  const [, half = '', hour = '', minute = ''] = found;
  // 3:00 alone may be either half of the day, and nothing goes out in the night.
  if (half === '' && /^[1-5]$/.test(hour)) return null;
  const late = (half === '下午' || half === '晚上') && Number(hour) < 12;
  const at = `${String(Number(hour) + (late ? 12 : 0)).padStart(2, '0')}:${minute}`;
  return /^([01]\d|2[0-3]):[0-5]\d$/.test(at) ? { before: text.slice(0, found.index).trim(), time: at } : null;
}

/** 初三 → 3, 十五 → 15, 廿三 → 23. */
function lunarDay(text: string): number | null {
  const day = parseCount(text.replace(/^初/, '').replace(/^廿/, '二十').replace(/^卅/, '三十'));
  return day !== null && day >= 1 && day <= 30 ? day : null;
}

function lunarMonth(text: string): number | null {
  const named: Readonly<Record<string, number>> = { 正: 1, 冬: 11, 腊: 12 };
  const month = named[text] ?? parseCount(text);
  return month !== null && month >= 1 && month <= 12 ? month : null;
}

const within = (text: string | undefined, most: number): number | null => {
  const value = text === undefined ? null : parseCount(text);
  return value !== null && value >= 1 && value <= most ? value : null;
};

/**
 * 每天8:00, 每周一、周四8:00, 每月5日8:00, 每年3月12日8:00, 每月农历初一8:00, 每年农历八月十五8:00,
 * 赶场天8:00, 赶场前一天18:00, 每年清明8:00. Null: not understood, which is never guessed at.
 */
export function readRepeat(text: string): Recurrence | null {
  const timed = readTime(text.normalize('NFKC').trim());
  if (timed === null) return null;
  const { time: at } = timed;
  const [, days, before] = /^(.*?)的?前(?:(一|1|两|二|2|三|3)天|一日)$/u.exec(timed.before) ?? [];
  const said = (days ?? timed.before).replace(/\s+/g, '');
  const daysBefore = days === undefined ? 0 : (parseCount(before ?? '一') ?? 1);
  const rule = readRule(said, at);
  return rule === null ? null : { rule, daysBefore };
}

function readRule(said: string, time: string): Recurrence['rule'] | null {
  if (/^每[天日]$/u.test(said)) return { every: 'day', time };
  if (/^(?:每个?|逢)?(?:赶场|赶集)[天日]?$|^每场$/u.test(said)) return { every: 'market-day', time };
  if (/^每(?:周|星期|礼拜)/u.test(said)) {
    const list = said.slice(1).split(/[、,和]/u);
    const signs = list.map((one) => one.replace(/^(?:周|星期|礼拜)/u, '').replace('天', '日'));
    const found = signs.map((sign) => (sign.length === 1 ? weekdays.indexOf(sign) : -1));
    return found.some((day) => day < 0) ? null : { every: 'week', weekdays: found, time };
  }
  const term = solarTerms.find((one) => one === said.replace(/^每年/u, ''));
  if (term !== undefined) return { every: 'solar-term', term, time };
  const monthly = new RegExp(`^每个?月${n}[日号]$`, 'u').exec(said);
  if (monthly !== null) {
    const day = within(monthly[1], 31);
    return day === null ? null : { every: 'month', day, time };
  }
  const yearly = new RegExp(`^每年${n}月${n}[日号]$`, 'u').exec(said);
  if (yearly !== null) {
    const [month, day] = [within(yearly[1], 12), within(yearly[2], 31)];
    return month === null || day === null ? null : { every: 'year', month, day, time };
  }
  const [, lunar] = /^(?:每个?月农历|农历每个?月)(\S{1,3})$/u.exec(said) ?? [];
  if (lunar !== undefined) {
    const day = lunarDay(lunar);
    return day === null ? null : { every: 'lunar-month', day, time };
  }
  const [, lunarYear, lunarDate] = /^(?:每年农历|农历每年)(\S{1,3}?)月(\S{1,3})$/u.exec(said) ?? [];
  const [month, day] = [lunarMonth(lunarYear ?? ''), lunarDay(lunarDate ?? '')];
  return month === null || day === null ? null : { every: 'lunar-year', month, day, time };
}
