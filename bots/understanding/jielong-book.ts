import type { Chain, ChainChange, ChainEntry, ChainQuestion } from './jielong-types.ts';
import type { Parsed, Who } from './jielong-line.ts';
import { sumOf } from './jielong-tail.ts';
import { fold } from './jielong-text.ts';

/** What a line says beside its own words: whether other lines stand with it, and whose old lines do. */
export interface Beside {
  readonly others: boolean;
  readonly present: ReadonlySet<string>;
}

type Asked = Omit<ChainQuestion, 'key'>;

/** A chain while a message is applied to it. */
export interface Book {
  /** Applies one line that was never seen before, as written by `from`. */
  write(parsed: Parsed, from: string, beside: Beside): void;
  /** Asks whether somebody comes whom an old line names. */
  wonder(who: Who, people: number, from: string): void;
  /** The entry of somebody on a line of `from`. */
  find(who: Who, from: string): ChainEntry | undefined;
  settle(question: string, answer: { choice?: string | null; people?: number; yes?: boolean }): void;
  /** The chain without its `seen` lines, heads and length, which the reader keeps. */
  close(): Pick<Chain, 'entries' | 'said' | 'questions' | 'last'>;
  changes(): ChainChange[];
  asked(): ChainQuestion[];
}

const selfWord = /^(?:我们?|咱们?|俺|本人|自己|\+.*)$/u;
const owns = (entry: ChainEntry, from: string): boolean => entry.member === from || entry.signedBy === from;

export function openBook(chain: Pick<Chain, 'entries' | 'said' | 'questions' | 'last'>): Book {
  const entries = new Map(chain.entries.map((entry) => [entry.key, entry]));
  const said = new Map(Object.entries(chain.said));
  const changes: ChainChange[] = [];
  let { questions, last } = chain;
  const before = new Set(questions.map(({ key }) => key));

  function ask(question: Asked): void {
    const word = fold(question.word);
    const same = questions.some(
      (open) =>
        open.kind === question.kind &&
        open.entry === question.entry &&
        (open.entry !== null || fold(open.word) === word) &&
        open.people === question.people &&
        open.leaves === question.leaves,
    );
    if (!same) questions = [...questions, { key: `q${++last}`, ...question }];
  }

  const drop = (closed: (open: ChainQuestion) => boolean): void => {
    questions = questions.filter((open) => !closed(open));
  };

  function put(entry: ChainEntry): void {
    entries.set(entry.key, entry);
    const numbers = said.get(entry.key) ?? [];
    if (!numbers.includes(entry.people)) said.set(entry.key, [...numbers, entry.people]);
  }

  function join(who: Who, people: number, companions: readonly string[], from: string): ChainEntry {
    const [one, ...more] = who.ids;
    const entry: ChainEntry = {
      key: `e${++last}`,
      member: more.length === 0 ? (one ?? null) : null,
      name: who.word,
      people,
      signedBy: from,
      live: true,
      ...(companions.length === 0 ? {} : { companions }),
    };
    put(entry);
    changes.push({ kind: 'join', entry });
    drop(({ kind, entry: about, word }) => kind === 'tentative' && about === null && fold(word) === fold(who.word));
    if (more.length > 0) ask({ kind: 'who', entry: entry.key, word: who.word, options: who.ids, from });
    return entry;
  }

  function update(was: ChainEntry, now: Partial<ChainEntry>): ChainEntry {
    const entry = { ...was, ...now };
    put(entry);
    if (!entry.live) changes.push({ kind: 'leave', entry });
    else if (!was.live) changes.push({ kind: 'join', entry });
    else if (entry.member !== was.member) changes.push({ kind: 'who', entry, was });
    else if (entry.people !== was.people) changes.push({ kind: 'people', entry, was: was.people });
    const settled = entry.live ? ['how-many', 'change', 'tentative'] : ['who', 'how-many', 'change', 'tentative'];
    drop((open) => open.entry === entry.key && settled.includes(open.kind));
    return entry;
  }

  function find(who: Who, from: string): ChainEntry | undefined {
    const all = [...entries.values()];
    const [one, ...more] = who.ids;
    if (one !== undefined && more.length === 0) return all.find(({ member }) => member === one);
    const word = fold(who.word);
    return all.find(({ member, name, signedBy }) => {
      if (member !== null) return false;
      if (who.how === 'self') return signedBy === from && selfWord.test(fold(name));
      return fold(name) === word && (who.how !== 'kin' || signedBy === from);
    });
  }

  /** 幺妹儿（林永芳） tells which of several an entry was, when its signer or the person writes it. */
  function identify(who: Who, from: string): ChainEntry | undefined {
    const [one, ...more] = who.ids;
    if (one === undefined || more.length > 0 || who.shared === true) return undefined;
    const open = questions.find(({ kind, options, word }) => {
      return (
        kind === 'who' && options.includes(one) && fold(who.word) !== fold(word) && fold(who.word).includes(fold(word))
      );
    });
    const entry = open?.entry == null ? undefined : entries.get(open.entry);
    if (open === undefined || entry === undefined || (entry.signedBy !== from && one !== from)) return undefined;
    drop(({ key }) => key === open.key);
    return update(entry, { member: one });
  }

  /** How many come with each of the names: what a number behind several names leaves over goes to the first. */
  function shares({ whos, tail }: Parsed): (number | null)[] {
    const sum = sumOf(tail);
    if (whos.length < 2 || sum === null || tail.each) return whos.map(() => sum);
    const only = tail.steps.every(({ kind }) => kind === 'add' || kind === 'with');
    const own = Math.max(0, only ? whos.length - 1 : whos.findIndex(({ how }) => how === 'self'));
    const left = only ? sum - 1 : Math.max(0, sum - whos.length);
    return whos.map((_, n) => (n === own ? 1 + left : 1));
  }

  function write(parsed: Parsed, from: string, beside: Beside): void {
    const { whos, leaving } = parsed;
    const each = shares(parsed);
    for (const [n, who] of whos.entries()) {
      const companions = n === whos.length - 1 ? parsed.companions : [];
      const entry = find(who, from);
      // 黄大明、王天碧 王天碧来不了 names her only to take her off.
      const off = leaving.some((one) => entry !== undefined && find(one, from)?.key === entry.key);
      if (!off) writeOne(who, each[n] ?? null, n, { ...parsed, companions }, from, beside);
    }
    for (const who of leaving) leave(who, find(who, from), { ...parsed, whos: [who] }, from);
  }

  function writeOne(who: Who, sum: number | null, n: number, parsed: Parsed, from: string, beside: Beside): void {
    const { tail, companions, whos } = parsed;
    const entry = find(who, from) ?? identify(who, from);
    const fewer = tail.gone !== 0;
    const left = fewer ? remaining(tail.gone, sum, entry) : sum;
    if (tail.out || (left !== null && left < 1)) return leave(who, entry, parsed, from);
    if (tail.tentative) {
      const about = { word: who.word, options: who.ids, people: sum ?? 1, from };
      if (entry?.live !== true) ask({ kind: 'tentative', entry: null, ...about });
      else if (owns(entry, from)) ask({ kind: 'tentative', entry: entry.key, ...about });
      return;
    }
    const unclear = (tail.unclear || who.plural === true) && sum === null && n === 0;
    if (entry === undefined) {
      const joined = join(who, left ?? 1, companions, from);
      if (unclear) ask({ kind: 'how-many', entry: joined.key, word: who.word, options: [], from });
      return;
    }
    if (unclear) {
      if (owns(entry, from)) ask({ kind: 'how-many', entry: entry.key, word: who.word, options: [], from });
      return;
    }
    const dropped =
      parsed.bare &&
      entry.signedBy === from &&
      fold(who.word) === fold(entry.name) &&
      beside.others &&
      !beside.present.has(entry.key);
    const people = left ?? (dropped ? 1 : entry.people);
    if (entry.live && people === entry.people) return;
    if (owns(entry, from)) {
      update(entry, { live: true, people });
      return;
    }
    if (entry.live && (said.get(entry.key) ?? []).includes(people)) return;
    if (whos.length > 1 && sum === null) return;
    ask({ kind: 'change', entry: entry.key, word: who.word, options: [], people, from });
  }

  function leave(who: Who, entry: ChainEntry | undefined, parsed: Parsed, from: string): void {
    if (entry?.live !== true) {
      drop(({ kind, entry: about, word }) => kind === 'tentative' && about === null && fold(word) === fold(who.word));
      return;
    }
    // 甲、乙不来了 may mean one of them or both.
    const clear = parsed.whos.length === 1 || !parsed.glued || parsed.all;
    if (owns(entry, from) && clear) update(entry, { live: false });
    else ask({ kind: 'change', entry: entry.key, word: who.word, options: [], leaves: true, from });
  }

  function settle(question: string, answer: { choice?: string | null; people?: number; yes?: boolean }): void {
    const open = questions.find(({ key }) => key === question);
    if (open === undefined) return;
    const entry = open.entry === null ? undefined : entries.get(open.entry);
    const close = (): void => drop(({ key }) => key === question);
    if (open.kind === 'who') {
      const choice = answer.yes === false ? null : answer.choice;
      if (choice === undefined || (choice !== null && !open.options.includes(choice))) return;
      close();
      if (choice === null || entry === undefined) return;
      const twice = [...entries.values()].some(({ member, live }) => member === choice && live);
      // The same member twice is one entry.
      update(entry, twice ? { live: false } : { member: choice });
    } else if (open.kind === 'how-many') {
      const { people } = answer;
      if (people === undefined || !Number.isInteger(people) || people < 1 || people > 99) return;
      close();
      if (entry !== undefined) update(entry, { people });
    } else {
      const yes = answer.yes ?? (answer.people === undefined ? undefined : true);
      if (yes === undefined) return;
      close();
      const people = answer.people ?? open.people ?? 1;
      if (open.kind === 'tentative') {
        if (entry !== undefined && !yes) update(entry, { live: false });
        if (entry !== undefined || !yes) return;
        const who: Who = { word: open.word, ids: open.options, how: 'named' };
        const known = find(who, open.from);
        if (known === undefined) join(who, people, [], open.from);
        else if (!known.live) update(known, { live: true, people });
      } else if (yes && entry !== undefined) {
        update(entry, open.leaves === true ? { live: false } : { live: true, people });
      }
    }
  }

  return {
    write,
    wonder: (who, people, from) =>
      ask({ kind: 'tentative', entry: null, word: who.word, options: who.ids, people, from }),
    find,
    settle,
    close: () => ({ entries: [...entries.values()], said: Object.fromEntries(said), questions, last }),
    changes: () => merged(changes),
    asked: () => questions.filter(({ key }) => !before.has(key)),
  };
}

/** People who are left when companions stay away. A number that is written newly beside it is what is left. */
function remaining(gone: number | 'rest', sum: number | null, entry: ChainEntry | undefined): number | null {
  const before = entry?.live === true ? entry.people : null;
  if (sum !== null && sum !== before) return sum;
  if (gone === 'rest') return 1;
  return before === null ? (sum ?? 1) + Math.max(0, -gone) : before - gone;
}

/** 我也去 and 我们两个人 in one message are one sign-up. */
function merged(changes: readonly ChainChange[]): ChainChange[] {
  const out: ChainChange[] = [];
  for (const change of changes) {
    const first = out.findIndex((one) => one.kind === 'join' && one.entry.key === change.entry.key);
    if (first >= 0 && change.kind === 'people') out[first] = { kind: 'join', entry: change.entry };
    else out.push(change);
  }
  return out;
}
