import { describe, expect, it } from 'vitest';
import {
  countPattern,
  normaliseDigits,
  parseCount,
  parseSpokenDigits,
  toHalfWidth,
} from '../../src/shared/numerals.ts';

describe('a number of people or things', () => {
  it.each([
    ['2', 2],
    ['２', 2],
    ['１２', 12],
    [' 3 ', 3],
    ['二', 2],
    ['两', 2],
    ['俩', 2],
    ['仨', 3],
    ['零', 0],
    ['十', 10],
    ['十二', 12],
    ['二十', 20],
    ['二十五', 25],
    ['廿三', 23],
    ['一百', 100],
    ['一百零五', 105],
    ['一百二', 120],
    ['两百五十', 250],
    ['一千零五十', 1050],
    ['一千二', 1200],
    ['一万', 10_000],
    ['一万二', 12_000],
    ['一万零五', 10_005],
    ['十万', 100_000],
    ['贰拾', 20],
  ])('%s is %i', (text, count) => {
    expect(parseCount(text)).toBe(count);
    expect(new RegExp(`^${countPattern}$`).test(normaliseDigits(text).trim())).toBe(true);
  });

  it.each(['', '人', '一二三', '两三', '百', '万', '二十零五', '十十', '零三', '3个', '-1', '1.5', '一百十二', '几'])(
    '%s is none',
    (text) => {
      expect(parseCount(text)).toBeNull();
    },
  );
});

describe('digits spoken one by one', () => {
  it.each([
    ['幺二三四', '1234'],
    ['三0五', '305'],
    ['０３１５', '0315'],
    ['八 八 八', '888'],
    ['洞拐', '07'],
  ])('%s is %s', (text, digits) => {
    expect(parseSpokenDigits(text)).toBe(digits);
  });

  it.each(['', '十二', '两二', 'A1'])('%s is none', (text) => {
    expect(parseSpokenDigits(text)).toBeNull();
  });
});

it('makes full-width digits ASCII and leaves the rest alone', () => {
  expect(normaliseDigits('报名２：３人')).toBe('报名2：3人');
});

it('makes everything full-width ASCII, sign for sign', () => {
  const text = 'ＡＢ１２：（＋）　，';
  expect(toHalfWidth(text)).toBe('AB12:(+) ,');
  expect(toHalfWidth(text)).toHaveLength(text.length);
});
