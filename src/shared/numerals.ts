const digitOf: Readonly<Record<string, number>> = {
  零: 0,
  〇: 0,
  一: 1,
  壹: 1,
  二: 2,
  贰: 2,
  两: 2,
  三: 3,
  叁: 3,
  四: 4,
  肆: 4,
  五: 5,
  伍: 5,
  六: 6,
  陆: 6,
  七: 7,
  柒: 7,
  八: 8,
  捌: 8,
  九: 9,
  玖: 9,
};
const unitOf: Readonly<Record<string, number>> = { 十: 10, 拾: 10, 百: 100, 佰: 100, 千: 1000, 仟: 1000 };
const short: Readonly<Record<string, number>> = { 俩: 2, 仨: 3 };

/** Source of a regular expression for a number as `parseCount` reads it (after `normaliseDigits`). */
export const countPattern = '(?:\\d+|[零〇一壹二贰两三叁四肆五伍六陆七柒八捌九玖十拾百佰千仟万廿卅]+|俩|仨)';

/** Full-width digits (０–９) become ASCII; everything else stays. */
export function normaliseDigits(text: string): string {
  return text.replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0));
}

/** Full-width letters, digits and signs (Ａ, ５, ：, ＋) and the ideographic space become ASCII. */
export function toHalfWidth(text: string): string {
  return text
    .replace(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(/\u3000/g, ' ');
}

/** Below 万: 三, 十二, 二十, 一百零五, 一百二 (120), 廿三. Null when it isn't well formed. */
function parseSmall(text: string): number | null {
  const signs = Array.from(text.replace(/^廿/, '二十').replace(/^卅/, '三十'));
  let total = 0;
  let digit: number | null = null;
  let last = 10_000;
  let zero = false;
  for (const [at, sign] of signs.entries()) {
    const unit = unitOf[sign];
    if (unit !== undefined) {
      // 十 alone stands for 10, but 百 and 千 want a digit before them.
      if (digit === null && !(unit === 10 && at === 0)) return null;
      if (digit === 0 || unit >= last) return null;
      total += (digit ?? 1) * unit;
      [digit, last, zero] = [null, unit, false];
      continue;
    }
    const value = digitOf[sign];
    if (value === undefined || digit !== null) return null;
    if (value === 0 && signs.length > 1) {
      if (last === 10_000 || last === 10 || zero) return null;
      zero = true;
      continue;
    }
    digit = value;
  }
  if (digit === null) return zero ? null : total;
  // 一百二 is 120; 一百零二 is 102.
  if (!zero && last >= 100 && last < 10_000) return total + (digit * last) / 10;
  return total + digit;
}

/**
 * The number that the whole text is: 2, ２, 二, 两, 俩, 十二, 二十, 一百零五, 一万二 (spaces around it are
 * ignored). Null for anything else, a row of digits spoken one by one (一二三) included.
 */
export function parseCount(text: string): number | null {
  const given = normaliseDigits(text).trim();
  if (/^\d{1,9}$/.test(given)) return Number(given);
  const known = short[given];
  if (known !== undefined) return known;
  if (given === '') return null;
  const [front, back, ...more] = given.split('万');
  if (front === undefined || more.length > 0) return null;
  if (back === undefined) return parseSmall(front);
  const ten = front === '' ? null : parseSmall(front);
  if (ten === null || ten === 0) return null;
  if (back === '') return ten * 10_000;
  const rest = parseSmall(back.replace(/^[零〇]/, ''));
  if (rest === null) return null;
  const isShort = back.length === 1 && rest < 10;
  return ten * 10_000 + (isShort ? rest * 1000 : rest);
}

/** Digits spoken one by one, for codes and ticket numbers: 幺二三四 → `1234`, 三0五 → `305`. Null for anything else. */
export function parseSpokenDigits(text: string): string | null {
  const signs = Array.from(normaliseDigits(text).replace(/\s/g, ''));
  if (signs.length === 0) return null;
  let digits = '';
  for (const sign of signs) {
    const value = /\d/.test(sign)
      ? Number(sign)
      : sign === '幺'
        ? 1
        : sign === '拐'
          ? 7
          : sign === '洞'
            ? 0
            : digitOf[sign];
    if (value === undefined || sign === '两') return null;
    digits += String(value);
  }
  return digits;
}
