import { relatives } from '../../src/shared/kinship.ts';
import type { ChainPerson } from './jielong-types.ts';
import { fold } from './jielong-text.ts';

/** Who is who in the room's grid. */
export interface Room {
  /** Somebody is called exactly so, by full name or nickname. */
  isName(word: string): boolean;
  /** The longest name that stands at `at` (spaces inside it don't count), and where it ends. */
  nameAt(text: string, at: number): { ids: readonly string[]; end: number; full: boolean } | null;
  person(id: string): ChainPerson | undefined;
  /** Who of the household of that person a kinship word may mean. */
  kin(word: string, of: string): readonly string[];
}

interface Names {
  readonly full: string[];
  readonly nick: string[];
}

export function openRoom(people: readonly ChainPerson[]): Room {
  const byId = new Map(people.map((one) => [one.id, one]));
  const byName = new Map<string, Names>();
  const add = (name: string, kind: keyof Names, id: string): void => {
    const key = fold(name);
    if (key === '') return;
    const names = byName.get(key) ?? { full: [], nick: [] };
    byName.set(key, names);
    names[kind].push(id);
  };
  for (const { id, name, nickname } of people) {
    add(name, 'full', id);
    if (nickname !== null) add(nickname, 'nick', id);
  }
  const folded = new Map<string, string>();
  const foldSign = (sign: string): string => {
    const key = folded.get(sign) ?? fold(sign);
    folded.set(sign, key);
    return key;
  };
  const longest = Math.max(0, ...[...byName.keys()].map((key) => key.length));

  return {
    isName: (word) => byName.has(fold(word)),
    nameAt(text, at) {
      let found: { ids: readonly string[]; end: number; full: boolean } | null = null;
      let key = '';
      for (let end = at; end < text.length && key.length < longest; end++) {
        const sign = text.charAt(end);
        if (sign === '\n' || (sign === ' ' && end === at)) break;
        const more = foldSign(sign);
        // Signs may stand inside a nickname, but a separator ends a name.
        if (more === '' && /[,;、。.()/]/u.test(sign)) break;
        key += more;
        const names = more === '' ? undefined : byName.get(key);
        if (names !== undefined) {
          found = { ids: [...new Set([...names.full, ...names.nick])], end: end + 1, full: names.full.length > 0 };
        }
      }
      return found;
    },
    person: (id) => byId.get(id),
    kin(word, of) {
      const speaker = byId.get(of);
      if (speaker === undefined) return [];
      const others = people.filter(({ id, household }) => household === speaker.household && id !== of);
      return relatives(word, speaker, others).map(({ id }) => id);
    },
  };
}
