import type { Book } from './jielong-book.ts';
import { topicOf } from './jielong-head.ts';
import type { Parsed, ReadLine } from './jielong-line.ts';
import { sumOf } from './jielong-tail.ts';
import { digest, fold, type Copy, type Item } from './jielong-text.ts';
import type { Chain, ChainCall, ChainMessage, ChainState } from './jielong-types.ts';

/** Most digests that are remembered: of lines, of heads; most chains. */
const most = { seen: 2000, heads: 20, foreign: 200, chains: 12 } as const;

export const emptyState: ChainState = {
  current: null,
  foreign: { heads: [], seen: [], current: false },
  chains: {},
};
export const emptyChain: Chain = { heads: [], seen: [], entries: [], said: {}, questions: [], last: 0, length: 0 };

const lineDigest = (item: Item): string => digest(fold(item.plain));
const headText = (copy: Copy): string => copy.head.map(({ plain }) => plain).join('\n');
const newest = (all: readonly string[], limit: number): string[] => all.slice(-limit);
const added = (all: readonly string[], one: string, limit: number): string[] =>
  newest([...all.filter((each) => each !== one), one], limit);

/** How often a line stood in one copy, by digest. */
function seenCounts(seen: readonly string[]): Map<string, number> {
  return new Map(
    seen.map((each) => {
      const [key = '', times] = each.split('*');
      return [key, times === undefined ? 1 : Number(times)];
    }),
  );
}

/** Whose chain a copy is: an activity's, one about another matter (null), or none (undefined). */
export function targetOf(
  state: ChainState,
  copy: Copy,
  list: readonly Item[],
  calls: readonly ChainCall[],
  read: ReadLine,
  at: ChainMessage['at'],
): string | null | undefined {
  const open = (activity: string): boolean => calls.some((call) => call.activity === activity);
  const text = headText(copy);
  const key = digest(fold(text));
  const told = fold(text) !== '';
  const digests = list.map(lineDigest);
  const overlap = (seen: readonly string[]): number => {
    const counts = seenCounts(seen);
    return digests.filter((each) => counts.has(each)).length;
  };
  const known = Object.entries(state.chains).find(([, { heads }]) => told && heads.includes(key));
  if (known !== undefined) return open(known[0]) ? known[0] : undefined;
  if (told && state.foreign.heads.includes(key)) return null;
  const topic = told ? topicOf(text, calls, at) : 'open';
  const goods = list.filter((item) => (read(item)?.tail.things ?? 0) > 0).length;
  if (topic === 'other' || (goods * 2 > list.length && topic === 'open')) return copy.marked ? null : undefined;
  if (topic !== 'open') {
    return goods * 2 > list.length && list.length > 1 ? null : topic.about;
  }
  const [best] = Object.entries(state.chains)
    .filter(([activity]) => open(activity))
    .map(([activity, { seen }]) => ({ activity, lines: overlap(seen) }))
    .sort((a, b) => b.lines - a.lines || Number(b.activity === state.current) - Number(a.activity === state.current));
  const foreign = overlap(state.foreign.seen);
  if (best !== undefined && best.lines > foreign) return best.activity;
  if (foreign > 0) return null;
  if (state.current !== null && open(state.current)) return state.current;
  if (state.foreign.current && list[0]?.number !== 1) return null;
  return calls.length === 1 ? calls[0]?.activity : undefined;
}

/** A copy without the word 接龙 counts while a chain is current, when every line of it is one of a list. */
export function isChainLike(state: ChainState, copy: Copy, list: readonly Item[], read: ReadLine): boolean {
  const chain = state.current === null ? undefined : state.chains[state.current];
  const seen = seenCounts(chain?.seen ?? state.foreign.seen);
  if (list.length === 0 || (state.current === null && !state.foreign.current)) return false;
  const length = chain?.length ?? 0;
  const old = list.filter((item) => seen.has(lineDigest(item)));
  const fresh = list.filter((item) => fold(item.plain) !== '' && !old.includes(item));
  const plausible = fresh.every((item) => {
    if (old.length > 1) return true;
    const parsed = read(item);
    if (parsed === null || parsed.tail.chat || parsed.tail.asks || parsed.tail.rest.length > 1) return false;
    if (parsed.whos.every(({ how }) => how === 'named' || how === 'strong')) return true;
    // 2 我也去 may answer a question with choices; 2. 我 goes on with the list.
    return item.dotted && item.number === length + 1 && parsed.whos.every(({ how }) => how === 'self');
  });
  if (!plausible) return false;
  if (old.length > 0) return true;
  const first = list[0]?.number ?? null;
  if (copy.head.length > 0 || first === null || first > length + 3) return false;
  return first > Math.max(1, length - 3) || list.every((item) => isOn(chain, read(item)));
}

/** Everybody on the line stands on the list already: a change of their line, whatever its number. */
function isOn(chain: Chain | undefined, parsed: Parsed | null): boolean {
  const entries = chain?.entries ?? [];
  return (
    parsed !== null &&
    parsed.whos.every(
      ({ ids, how }) => how === 'named' && entries.some(({ member }) => member !== null && ids.includes(member)),
    )
  );
}

/** Applies a copy to a chain: only lines that were never seen before act. */
export function writeCopy(
  chain: Chain,
  book: Book,
  copy: Copy,
  list: readonly Item[],
  read: ReadLine,
  from: string,
): Chain {
  const seen = seenCounts(chain.seen);
  const inCopy = new Map<string, { times: number; numbers: (number | null)[] }>();
  const isOld = (item: Item): boolean => seen.has(lineDigest(item));
  const old = list.filter(isOld);
  const present = new Set(
    old.flatMap((item) => read(item)?.whos ?? []).flatMap((who) => book.find(who, from)?.key ?? []),
  );
  const beside = { others: old.length > 0, present };
  let acted = false;
  let length = chain.length;
  for (const item of list) {
    const key = lineDigest(item);
    const here = inCopy.get(key) ?? { times: 0, numbers: [] };
    inCopy.set(key, { times: here.times + 1, numbers: [...here.numbers, item.number] });
    const before = seen.get(key) ?? 0;
    if (here.times < before) continue;
    const parsed = read(item);
    if (parsed === null) continue;
    if (before > 0) {
      // The same words again are another person only where they are said from the sender's side.
      const [who, ...more] = parsed.whos;
      if (who === undefined || more.length > 0 || !(who.how === 'self' || who.how === 'kin' || who.shared === true))
        continue;
      if (here.numbers.includes(item.number) || book.find(who, from) !== undefined) continue;
    }
    seen.delete(key);
    seen.set(key, here.times + 1);
    book.write(parsed, from, beside);
    acted = true;
    length = Math.max(length, item.number ?? 0);
  }
  if (!acted) ownLine(list, read, book, from);
  const head = fold(headText(copy));
  return {
    ...chain,
    length: Math.min(length, 9999),
    heads: head === '' ? chain.heads : added(chain.heads, digest(head), most.heads),
    seen: newest(
      [...seen].map(([key, times]) => (times > 1 ? `${key}*${times}` : key)),
      most.seen,
    ),
  };
}

/**
 * A copy with nothing new that ends with the sender's own line, who isn't on the list: two may have written the
 * same words at once, or somebody comes back. A nickname that both bear is certain, else it is asked.
 */
function ownLine(list: readonly Item[], read: ReadLine, book: Book, from: string): void {
  const lastOne = list.findLast((item) => fold(item.plain) !== '');
  const parsed = lastOne === undefined ? null : read(lastOne);
  const [who, ...more] = parsed?.whos ?? [];
  if (parsed === null || who === undefined || more.length > 0 || parsed.tail.out || parsed.tail.tentative) return;
  const own = who.how === 'self' || who.shared === true || who.ids.includes(from);
  const entry = own ? book.find(who, from) : undefined;
  if (!own || entry?.live === true) return;
  const certain = entry === undefined && (who.shared === true || (list.length === 1 && who.how === 'self'));
  if (certain) book.write(parsed, from, { others: false, present: new Set() });
  else book.wonder(who, sumOf(parsed.tail) ?? 1, from);
}

/** 接龙 我也去: applies a sentence; each sender may say the same words. Null: it says nobody. */
export function writeSentence(chain: Chain, book: Book, parsed: readonly Parsed[], text: string, from: string): Chain {
  const key = digest(`${from} ${fold(text)}`);
  if (chain.seen.includes(key)) return chain;
  for (const one of parsed) book.write(one, from, { others: false, present: new Set() });
  return { ...chain, seen: added(chain.seen, key, most.seen) };
}

/** The state with that chain as the current one. Chains of activities without an open call are forgotten in time. */
export function withChain(state: ChainState, activity: string, chain: Chain, calls: readonly ChainCall[]): ChainState {
  const { [activity]: _, ...others } = state.chains;
  const isOpen = ([id]: readonly [string, Chain]): boolean => calls.some((call) => call.activity === id);
  const kept = Object.entries(others);
  while (kept.length >= most.chains) {
    const closed = kept.findIndex((each) => !isOpen(each));
    kept.splice(Math.max(0, closed), 1);
  }
  return {
    current: activity,
    foreign: { ...state.foreign, current: false },
    chains: Object.fromEntries([...kept, [activity, chain]]),
  };
}

/** The state after a copy about another matter. */
export function withForeign(state: ChainState, copy: Copy, list: readonly Item[]): ChainState {
  const head = fold(headText(copy));
  const { heads, seen } = state.foreign;
  return {
    ...state,
    current: null,
    foreign: {
      current: true,
      heads: head === '' ? heads : added(heads, digest(head), most.heads),
      seen: newest([...new Set([...seen, ...list.map(lineDigest)])], most.foreign),
    },
  };
}
