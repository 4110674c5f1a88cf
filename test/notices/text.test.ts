import { expect, it } from 'vitest';
import { fillText, unknownVariables } from '../../src/notices/notices.text.ts';

const values = { 姓名: '甲', 日期: '今天', 网格: '一组', 村名: '清溪村', 编号: 'TZ1' };

it.each([
  ['{姓名}您好', []],
  ['{ 姓名 }、{网格}、｛日期｝', []],
  ['{名字}您好,{金额}元', ['{名字}', '{金额}']],
  ['{名字}和{名字}', ['{名字}']],
  ['{}', ['{}']],
  ['{姓名', ['{']],
  ['姓名}', ['}']],
  ['{{姓名}}', ['{', '}']],
  ['{constructor}', ['{constructor}']],
])('finds in %s what is no variable', (text, expected) => {
  expect(unknownVariables(text)).toEqual(expected);
});

it('fills in everything, half and full width', () => {
  expect(fillText('{姓名}｛日期｝{ 网格 }{村名}{编号}', values)).toBe('甲今天一组清溪村TZ1');
});

it('does not read a value as a text with variables', () => {
  expect(fillText('{姓名}', { ...values, 姓名: '{日期}$&' })).toBe('{日期}$&');
});
