import type { Parsed, ReadLine } from './jielong-line.ts';
import type { Copy, Item, Line } from './jielong-text.ts';

const certain = (parsed: Parsed | null): boolean =>
  parsed !== null && parsed.whos.every(({ how }) => how === 'named' || how === 'self') && parsed.tail.rest === '';

/** Nothing but a name and a number: a line that somebody forgot to number. */
const bare = (parsed: Parsed | null): boolean =>
  parsed !== null &&
  certain(parsed) &&
  parsed.whos.every(({ how }) => how === 'named') &&
  !parsed.tail.out &&
  !parsed.tail.tentative &&
  !parsed.tail.chat &&
  !parsed.tail.asks;

/**
 * The lines of a copy on which people may stand. Numbered lines of the text above (1.自带手套 2.穿胶鞋), after
 * which the numbers begin anew, are left out, but not a list that was pasted twice.
 */
export function listOf({ marked, head, items, loose }: Copy, read: ReadLine): Item[] {
  const unnumbered = (lines: readonly Line[]): Item[] =>
    lines.filter((line) => bare(read(line))).map((line) => ({ ...line, number: null, dotted: false }));
  if (items.length === 0) return marked ? unnumbered(head.slice(1)) : [];
  const list: Item[] = [];
  let run: Item[] = [];
  for (const item of [...items, null]) {
    const restarts = item === null || (item.number === 1 && run.some(({ number }) => number !== null && number >= 1));
    if (restarts) {
      const isList = (): boolean => run.filter((line) => certain(read(line))).length * 2 >= run.length;
      if (item === null || isList()) list.push(...run);
      run = [];
    }
    if (item !== null) run.push(item);
  }
  return [...list, ...unnumbered(loose)];
}
