import type { Clock } from '../platform/clock.ts';
import { inserting } from '../platform/store/port.ts';
import type { Collection, Store, Write } from '../platform/store/port.ts';
import { defaultQuietHours, quietShift, type QuietHours } from '../shared/calendar/index.ts';
import { isAppError } from '../shared/errors.ts';
import type { Saying, Verdict } from './messages.port.ts';
import { createBlock, type Block } from './block.ts';
import { said } from './messages.events.ts';
import { outbox as declaration, type OutboxRow } from './messages.model.ts';

export interface Outbox {
  readonly rows: Collection<OutboxRow>;
  /** Stops all saying, in every process. */
  readonly block: Block;
  say(saying: Saying): Promise<OutboxRow>;
  /** The row of an answer, which keeps no quiet hours, to be written by whoever asks. */
  plan(saying: Saying): OutboxRow;
  /** Writes a planned row; one that is there stays as it is. */
  write(row: OutboxRow): Promise<OutboxRow>;
  /** The same, as one of several writes. */
  written(row: OutboxRow): Write;
  cancel(subject: { kind: string; id: string }): Promise<number>;
  guard(kind: string, check: (id: string, row: OutboxRow) => Promise<Verdict>): void;
  check(row: OutboxRow): Promise<Verdict>;
  /** That instant, or the end of the village's quiet hours that it lies in. */
  calm(at: Date): Promise<Date>;
  /** It was said then: whoever waits for it is told. Null when the row is neither being said nor unknown. */
  sent(row: OutboxRow, at: Date, sentId: string | null): Promise<OutboxRow | null>;
}

const spontaneous = (kind: Saying['kind']): boolean => kind !== 'reply' && kind !== 'question';

/** Smaller goes first: answers, then what is urgent, then the rest. */
function priorityOf(saying: Saying): number {
  if (!spontaneous(saying.kind)) return 0;
  return saying.urgent === true ? 1 : 2;
}

function rowOf(saying: Saying, now: Date, order: number): OutboxRow {
  const quiet = saying.quiet ?? (spontaneous(saying.kind) && saying.urgent !== true);
  return {
    _id: saying.key,
    room: 'room' in saying.to ? saying.to.room : null,
    person: 'person' in saying.to ? saying.to.person : null,
    text: saying.text,
    mentions: [...(saying.mentions ?? [])],
    kind: saying.kind,
    priority: priorityOf(saying),
    state: 'queued',
    notBefore: saying.notBefore ?? now,
    quiet,
    optional: saying.optional ?? false,
    inReplyTo: saying.inReplyTo ?? null,
    subject: saying.subject ?? null,
    facts: { ...saying.facts },
    createdAt: now,
    order,
    claimedBy: null,
    claimedAt: null,
    sentAt: null,
    sentId: null,
    attempts: 0,
    error: null,
  };
}

/** Plans what must be said. `wake` tells the owner of the login to look. */
export function createOutbox(deps: {
  store: Store;
  clock: Clock;
  wake: () => Promise<void>;
  /** 21:30 to 07:00 unless the village says otherwise. */
  quietHours?: () => Promise<QuietHours>;
}): Outbox {
  const { quietHours = () => Promise.resolve(defaultQuietHours) } = deps;
  const rows = deps.store.collection(declaration);
  let planned = 0;
  const checks = new Map<string, (id: string, row: OutboxRow) => Promise<Verdict>>();
  const calm = async (at: Date): Promise<Date> => quietShift(at, await quietHours());
  function plan(saying: Saying): OutboxRow {
    const now = deps.clock.now();
    return rowOf(saying, now, now.getTime() * 1024 + (planned++ % 1024));
  }
  async function write(row: OutboxRow): Promise<OutboxRow> {
    try {
      await rows.insert(row);
    } catch (fault) {
      if (!isAppError(fault, 'store.duplicate')) throw fault;
      const known = await rows.get(row._id);
      if (known === null) throw fault;
      return known;
    }
    await deps.wake();
    return row;
  }
  return {
    rows,
    write,
    written: (row) => inserting(declaration, row, { unlessThere: true }),
    block: createBlock(deps),
    calm,
    plan,
    async say(saying) {
      const wanted = plan(saying);
      const row = wanted.quiet ? { ...wanted, notBefore: await calm(wanted.notBefore) } : wanted;
      return write(row);
    },
    cancel: (subject) =>
      rows.updateMany(
        { 'subject.kind': subject.kind, 'subject.id': subject.id, state: 'queued' },
        { $set: { state: 'cancelled' } },
      ),
    guard(kind, check) {
      if (checks.has(kind)) throw new Error(`a second check for the subject ${kind}`);
      checks.set(kind, check);
    },
    async sent({ _id: key, kind, subject, room, person }, at, sentId) {
      const about = subject === null ? null : { subjectKind: subject.kind, subjectId: subject.id };
      const told = about === null ? [] : [said(key, { key, kind, ...about, room, person, at: at.toISOString() })];
      return rows.update(
        { _id: key, state: { $in: ['sending', 'unknown'] } },
        { $set: { state: 'sent', sentAt: at, sentId } },
        { emit: told },
      );
    },
    async check(row) {
      if (row.subject === null) return 'say';
      return (await checks.get(row.subject.kind)?.(row.subject.id, row)) ?? 'say';
    },
  };
}
