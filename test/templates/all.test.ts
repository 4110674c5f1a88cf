import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { samples, type Listener } from './samples.ts';

/** Not sentences of the bot: a page to print, the joining of faults, and what a browser shows. */
const elsewhere = new Set(['activities.sheet', 'faults', 'staff', 'simulator']);
/** Forms show how a date may be written, so theirs stand alone. */
const forms = new Set(['howToCreate', 'howToReschedule', 'form', 'timeUnknown', 'repeatUnknown']);

interface Said {
  readonly where: string;
  readonly template: string;
  readonly to: Listener;
  readonly text: string;
}
const all: Said[] = Object.entries(samples).flatMap(([file, { of }]) =>
  Object.entries(of).flatMap(([template, { to, texts }]) =>
    texts.map((text) => ({ where: `${file}.${template}`, template, to, text })),
  ),
);
const heard = (...to: Listener[]): Said[] => all.filter((said) => to.includes(said.to));
/** Those of them that break the rule, with their words. */
const breaking = (said: readonly Said[], breaks: (one: Said) => boolean): string[] =>
  said.filter(breaks).map(({ where, text }) => `${where}: ${text}`);

describe('every template', () => {
  it('has a sample here', async () => {
    const files = (await readdir('templates')).map((name) => name.replace(/\.ts$/, ''));
    expect(Object.keys(samples).toSorted()).toEqual(files.filter((name) => !elsewhere.has(name)).toSorted());
    for (const [file, { module, of }] of Object.entries(samples))
      expect(Object.keys(of).toSorted(), file).toEqual(Object.keys(module).toSorted());
  });

  it('leaves nothing unfilled', () => {
    const unfilled = /undefined|null|NaN|Invalid|\[object|\$\{|\bfunction\b/u;
    expect(breaking(all, ({ text }) => unfilled.test(text))).toEqual([]);
    const empty = /[:：]\s*[。,]|“”|\(\)|、、|^\s/u;
    expect(breaking(heard('group', 'direct', 'cadres'), ({ text }) => empty.test(text) || text === '')).toEqual([]);
  });

  it('speaks in a plain tone: no shouting, no jargon', () => {
    expect(breaking(all, ({ text }) => /[!!]/u.test(text))).toEqual([]);
    const latin = (text: string): string[] =>
      (text.match(/[A-Za-z]{2,}/gu) ?? []).filter((word) => !['FK', 'TZ'].includes(word));
    expect(breaking(heard('group', 'direct', 'cadres'), ({ text }) => latin(text).length > 0)).toEqual([]);
    const jargon = /系统|用户|参数|无效|非法|请求|错误码|提交成功|亲[,,]|数据库/u;
    expect(breaking(heard('group', 'direct', 'cadres'), ({ text }) => jargon.test(text))).toEqual([]);
  });

  it('uses one kind of marks, and no blanks at the ends of lines', () => {
    const other = /[\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f"'\u2018\u2019]|[,:;?。、]{2}|\.{2}/u;
    expect(breaking(heard('group', 'direct', 'cadres'), ({ text }) => other.test(text))).toEqual([]);
    const blank = (text: string): boolean => text.split('\n').some((line) => /\s$/u.test(line) && line !== '1. ');
    expect(breaking(all, ({ text }) => blank(text))).toEqual([]);
  });

  it('puts weekday and lunar date beside a date', () => {
    const bare = /\d{1,2}月\d{1,2}日(?!\(周[一二三四五六日],)/u;
    expect(
      breaking(all, ({ template, text }) => !forms.has(template) && bare.test(text.replace(/“[^”]*”/gu, ''))),
    ).toEqual([]);
  });

  it('is short: in a group six lines, to a villager 200 signs, to a cadre 300', () => {
    expect(breaking(heard('group'), ({ text }) => text.split('\n').length > 6)).toEqual([]);
    expect(breaking(heard('group', 'direct'), ({ text }) => [...text].length > 200)).toEqual([]);
    expect(breaking(heard('cadres'), ({ text }) => [...text].length > 300)).toEqual([]);
  });
});
