/** The variables that a cadre may write into a title or text, and what they become. */
export const variables = {
  /** The name in a direct chat, 各位乡亲 in a group. */
  姓名: 'who it is said to',
  /** The day on which it is said, with weekday and lunar date. */
  日期: 'the day it is said',
  /** The group's or the person's grid, else the village. */
  网格: 'the grid',
  村名: 'the village',
  编号: 'the running number, TZ12',
} as const;
export type Variable = keyof typeof variables;

/** `TZ12`: how people name a notice. */
export const noticeCode = (number: number): string => `TZ${number}`;

const placeholder = /[{｛]\s*([^{}｛｝]*?)\s*[}｝]/g;

function isVariable(name: string): name is Variable {
  return Object.hasOwn(variables, name);
}

/** Everything in braces that is no variable, and braces without a partner: each once, in the order of the text. */
export function unknownVariables(text: string): string[] {
  const unknown: string[] = [];
  const rest = text.replace(placeholder, (whole, name: string) => {
    if (!isVariable(name)) unknown.push(whole);
    return '';
  });
  unknown.push(...(rest.match(/[{}｛｝]/g) ?? []));
  return [...new Set(unknown)];
}

/** Puts the values in. The text was checked with `unknownVariables`, so that nothing is left over. */
export function fillText(text: string, values: Readonly<Record<Variable, string>>): string {
  return text.replace(placeholder, (whole, name: string) => (isVariable(name) ? values[name] : whole));
}
