import type { ChainLine } from '../../../src/activities/index.ts';
import { isAppError } from '../../../src/shared/errors.ts';
import * as say from '../../../templates/activities.chain.ts';
import { seatGone } from '../../../templates/activities.ts';
import type { ChainEntry, ChainState } from '../../understanding/jielong.ts';
import type { Answer, Turn, Verb } from '../skill.ts';
import { correct, keyOf } from './chain.read.ts';
import { readRef, word, type Deps } from './parts.ts';

/** One thing that a copy did. `row`: a sign-up that ended with it. */
export type Done =
  | { readonly what: 'join'; readonly line: ChainLine }
  | { readonly what: 'people'; readonly line: ChainLine; readonly was: number }
  | { readonly what: 'leave'; readonly line: ChainLine; readonly row: string | null };

/** 撤销 of a copy: turns round everything it did, and the list with it. */
export function undoChain({ activities }: Deps): Verb {
  const { lines, chains } = activities;

  /** How the entry stands afterwards; null: it could not be turned round, `seat`: the seat is gone. */
  async function back(turn: Turn, room: string, activity: string, done: Done): Promise<Partial<ChainEntry> | 'seat'> {
    const { message: from, person, name } = turn;
    const { line } = done;
    const request = { from, activity, room, person, name, line, agreed: true };
    switch (done.what) {
      case 'join':
        await lines.leave(request, 'undone');
        return { live: false };
      case 'people': {
        await lines.setPeople({ ...request, line: { ...line, people: done.was }, was: line.people });
        return { people: done.was };
      }
      case 'leave': {
        if (done.row === null) {
          await lines.join(request);
          return { live: true };
        }
        const { id, n } = readRef(done.row);
        const again = await activities.rejoin({ from, row: id, seq: n, queue: false });
        return again.kind === 'taken' ? 'seat' : { live: true };
      }
    }
  }

  async function correctList(room: string, activity: string, now: ReadonlyMap<string, Partial<ChainEntry>>) {
    for (let row = await chains.of(room); row !== null; row = await chains.of(room)) {
      const state = correct(
        JSON.parse(row.state) as ChainState,
        activity,
        (entry) => now.get(keyOf(room, entry)) ?? null,
      );
      if (await chains.save(room, { state: JSON.stringify(state), rev: row.rev, from: row.from })) return;
    }
  }

  return async function undo(turn, slots): Promise<Answer> {
    const { room } = turn;
    const id = word(slots, 'activity') ?? '';
    const activity = await activities.get(id);
    const all = (Array.isArray(slots['done']) ? slots['done'] : []) as Done[];
    if (room === null || activity === null || all.length === 0) return { text: say.settled };
    const now = new Map<string, Partial<ChainEntry>>();
    const names: string[] = [];
    const refused: { name: string; reason: string }[] = [];
    let gone: string | null = null;
    for (const done of all.toReversed()) {
      const { name, key } = done.line;
      try {
        const entry = await back(turn, room, id, done);
        if (entry === 'seat') {
          gone = done.what === 'leave' ? done.row : null;
          continue;
        }
        now.set(key, entry);
        names.unshift(name);
      } catch (fault) {
        const told = isAppError(fault) && fault.code in say.reasons;
        if (!told) throw fault;
        refused.unshift({ name, reason: say.reasons[fault.code] ?? '' });
      }
    }
    await correctList(room, id, now);
    const text = [
      ...(names.length === 0 ? [] : [say.undone(activity, names)]),
      ...(refused.length === 0 ? [] : [say.notUndone(refused)]),
      ...(gone === null ? [] : [seatGone(activity)]),
    ].join('\n');
    if (gone === null) return { text };
    return { text, ask: { verb: 'activity.rejoin', slots: { row: gone }, accepts: ['yes-no'] } };
  };
}
