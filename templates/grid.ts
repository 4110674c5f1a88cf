type Facts = Readonly<Record<string, string | number | boolean | null>>;

/** Who answers for a grid now. `phone` is the published one, never a personal number. */
export interface Officer {
  readonly grid: string;
  readonly name: string;
  /** 值班, 网格员, 村主任 … */
  readonly as: string;
  /** The grid that the officer stands for; null for the whole village. */
  readonly of: string | null;
  readonly phone: string | null;
}

export function officer({ grid, name, as, of, phone }: Officer): string {
  const who =
    of === grid
      ? as === '值班'
        ? `${grid}现在值班的是${name}`
        : `${grid}的${as}是${name}`
      : `${grid}现在由${as === '值班' ? '值班的' : as}${name}负责`;
  const how = phone === null ? '要找人就回“转人工”。' : `值班电话${phone},也可以回“转人工”。`;
  return `${who}。${how}`;
}

/** The sender's grid isn't known: which one? */
export const which = (grids: readonly string[]): string =>
  `您问哪个组的?回数字就行:\n${grids.map((grid, index) => `${index + 1} ${grid}`).join('  ')}`;

export const nobody = '现在没有值班的人。要找人就回“转人工”。';
export const noGrids = '村里的网格还没有登记。要找人就回“转人工”。';

/** What a fault of this capability says. */
export const faults: Readonly<Record<string, (facts: Facts) => string>> = {
  'grid.not-found': () => '没有这个网格。',
  'grid.room-not-found': () => '没有这个群。',
  'grid.duty-not-found': () => '没有这个班次。',
  'grid.period': () => '值班时间不对:要先开始后结束,不能已经过去。',
  'grid.not-an-officer': () => '这个人不是这个网格的干部,不能排班。',
  'grid.phone': () => '电话号码不对,没有动。',
};
