import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cleanLine,
  cleanText,
  excerpt,
  foldText,
  isEmojiOnly,
  stripEmoji,
  textLength,
  trimPunctuation,
} from '../../src/shared/text.ts';

describe('what people typed', () => {
  it.each([
    ['folds spaces', ' 路灯 \u00a0\u3000坏了\t ', '路灯 坏了'],
    ['keeps line breaks, at most one empty line', 'a\r\nb\r\r\r\rc\u2028d', 'a\nb\n\nc\nd'],
    ['takes control characters out', 'a\u0000b\u001bc\u007f', 'abc'],
    ['takes out what turns the direction of writing', '三组\u202e灯路\u2066x\u2069\u200f', '三组灯路x'],
    ['takes invisible characters out', '收\u200b到\ufeff\u2060\u00ad', '收到'],
    ['takes lone surrogates and private characters out', 'a\ud800b\ue000c', 'abc'],
    ['composes', 'e\u0301', 'é'],
    ['keeps emoji whole', '👨‍👩‍👧 👍🏻 ❤️', '👨‍👩‍👧 👍🏻 ❤️'],
    ['takes a joiner out that joins nothing', 'a\u200db', 'ab'],
    ['keeps rare characters', '𠮷娃', '𠮷娃'],
    ["makes the end of WeChat's mention a space", '@小溪\u2005报名', '@小溪 报名'],
  ])('%s', (_, text, expected) => {
    expect(cleanText(text)).toBe(expected);
  });

  it('is clean after cleaning once, whatever it was', () => {
    const signs = fc.constantFrom(
      'a',
      '中',
      ' ',
      '\n',
      '\r',
      '\t',
      '\u200b',
      '\u202e',
      '👍',
      '\u200d',
      '\u0301',
      '\ud800',
      '\u0000',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(signs).map((all) => all.join('')),
        ),
        (text) => {
          const clean = cleanText(text);
          expect(cleanText(clean)).toBe(clean);
          expect(clean).not.toMatch(/(?!\n)[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
        },
      ),
    );
  });

  it('can be put on one line', () => {
    expect(cleanLine('a\n\nb ')).toBe('a b');
  });
});

describe('emoji', () => {
  it.each(['👍', '👍🏻👍', '[强]', '[OK][玫瑰] ', '❤️', '1️⃣', '🇨🇳', '👨‍👩‍👧'])('%s is nothing else', (text) => {
    expect(isEmojiOnly(text)).toBe(true);
  });

  it.each(['', ' ', '1', '收到👍', '[图片]', '#', '。'])('%s is more, or none', (text) => {
    expect(isEmojiOnly(text)).toBe(false);
  });

  it('can be taken out', () => {
    expect(stripEmoji('收到👍🏻[强]')).toBe('收到');
    expect(stripEmoji('12#')).toBe('12#');
  });
});

describe('comparing and cutting', () => {
  it('takes punctuation off both ends', () => {
    expect(trimPunctuation('「收到!!」～')).toBe('收到');
    expect(trimPunctuation('!!')).toBe('');
  });

  it('folds width, case, spaces and punctuation', () => {
    expect(foldText(' 村口花园(补种)　Ａb-1')).toBe('村口花园补种ab1');
  });

  it('counts and cuts as people do', () => {
    expect(textLength('𠮷👨‍👩‍👧é')).toBe(3);
    expect(excerpt('三组坎下那盏路灯又不亮了', 6)).toBe('三组坎下那…');
    expect(excerpt('三组\n路灯', 5)).toBe('三组 路灯');
    expect(excerpt('👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧', 2)).toBe('👨‍👩‍👧…');
  });
});
