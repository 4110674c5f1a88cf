import { describe, expect, test } from 'vitest';
import { readReport } from '../../bots/understanding/report-category.ts';
import { canBeShared, nearness } from '../../src/feedback/feedback.near.ts';

const placed = (
  text: string,
  grid: string | null = '三组',
  household: string | null = null,
): Parameters<typeof nearness>[0] => {
  const { place, things, home } = readReport(text, { cadres: [], grid });
  return { place, things: [...things], home, grid, household };
};
const near = (a: string, b: string, grid = '三组'): boolean => nearness(placed(a, grid), placed(b, grid)) > 0;

describe('two reports are near', () => {
  test('when they name one spot in other words', () => {
    expect(near('三组坎下那盏路灯不亮了', '三组坎下路灯黑起的')).toBe(true);
    expect(near('四组晒谷坝边的公路垮了个大坑', '四组晒谷坝边公路上那个大坑', '四组')).toBe(true);
    expect(near('一组下坡那个急弯 护栏遭撞歪了', '一组下坡急弯那里护栏歪起了', '一组')).toBe(true);
  });

  test('when one names no spot but the same thing in the same grid', () => {
    expect(near('三组停水了', '我们三组没得水')).toBe(true);
  });
});

describe('two reports are apart', () => {
  test('at two spots, about two things at one spot, or in two grids', () => {
    expect(near('二组晒坝边上那个垃圾桶满了', '二组水井坎那个垃圾桶满了', '二组')).toBe(false);
    expect(near('三组坎下路灯不亮', '三组坎下水管漏水')).toBe(false);
    expect(nearness(placed('坎下路灯不亮', '三组'), placed('坎下路灯不亮', '四组'))).toBe(0);
  });

  test('at two people’s houses', () => {
    expect(nearness(placed('我屋停水了', '三组', 'H1'), placed('我屋没得水', '三组', 'H2'))).toBe(0);
    expect(nearness(placed('我屋停水了', '三组', 'H1'), placed('我家没得水', '三组', 'H1'))).toBeGreaterThan(0);
  });
});

test('somebody’s own matters and 干部作风 are never put together', () => {
  for (const category of ['社会保障', '邻里纠纷', '土地房屋', '干部作风'] as const)
    expect(canBeShared(category)).toBe(false);
});
