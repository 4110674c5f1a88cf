import type { Category, Report } from './feedback.model.ts';

type Placed = Pick<Report, 'grid' | 'place' | 'things' | 'home' | 'household'>;

/** Matters of a place, which several people may report. The others are somebody's own and are never put together. */
const shared: ReadonlySet<Category> = new Set([
  '道路交通',
  '水电通信',
  '环境卫生',
  '农业生产',
  '治安安全',
  '文教医疗',
  '其他',
] satisfies Category[]);

export function canBeShared(category: Category): boolean {
  return shared.has(category);
}

const fillers =
  /[\s,,。.、]|那里|那个|那盏|那边|那儿|那点|那截|那段|这边|这里|这个|旁边|边边|边上|底下|下面|上面|前面|后面|里头|高头|我们|我屋|我家|屋头|[的边上那]/gu;

/** The place without its grid and without small words: 一组下坡那个急弯 → 下坡急弯. */
function spot(report: Placed): string {
  const place = report.place ?? '';
  return (report.grid === null ? place : place.replaceAll(report.grid, ''))
    .replaceAll(/第?[零一二两三四五六七八九十\d]+(?:组|社|队)/gu, '')
    .replaceAll(fillers, '');
}

/** How many of the shorter one's characters the other has, 0–1. */
function overlap(a: string, b: string): number {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  const left = [...long];
  let hits = 0;
  for (const character of short) {
    const found = left.indexOf(character);
    if (found >= 0) {
      hits++;
      left.splice(found, 1);
    }
  }
  return short.length === 0 ? 0 : hits / short.length;
}

/**
 * How near two reports of one category are: 0 (apart) to 1 (the same spot). A missing place is no
 * proof of either, so it needs the same things in the same grid; what is at somebody's own house stays apart.
 */
export function nearness(a: Placed, b: Placed): number {
  if (a.grid !== b.grid) return 0;
  if ((a.home || b.home) && (a.household === null || a.household !== b.household)) return 0;
  const common = a.things.some((thing) => b.things.includes(thing));
  if (!common && a.things.length > 0 && b.things.length > 0) return 0;
  const [here, there] = [spot(a), spot(b)];
  if (here !== '' && there !== '') {
    const share = overlap(here, there);
    return share >= 0.6 ? share : 0;
  }
  return common ? 0.5 : 0;
}
