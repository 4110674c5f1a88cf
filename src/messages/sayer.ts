import type { Cancel, Clock } from '../platform/clock.ts';
import { tryEach } from '../platform/each.ts';
import type { Work } from '../platform/work.ts';
import { createClaims } from './claims.ts';
import { answers, batch, chatOf, createDue } from './due.ts';
import type { OutboxRow } from './messages.model.ts';
import type { Outbox } from './outbox.ts';
import type { Rates } from './rates.ts';
import type { Mouth, Sayer } from './sayer.port.ts';

/** What becomes of a row that can't be said as it stands. */
type Instead = Partial<Pick<OutboxRow, 'state' | 'notBefore' | 'text' | 'mentions'>>;

/** Answers that are on their way at a time, each in another chat. */
const sideBySide = 16;
const tries = 5;
const firstRetryMs = 5_000;
const checkAgainMs = 60_000;
/** An echo comes within moments or not at all. */
const reconcileWithinMs = 3_600_000;
/** A process that has lost the login puts back what it claimed, sooner than this. */
const foreignClaimMs = 60_000;
/** While the account is blocked, unless others plan, too. */
const lookAtBlockMs = 60_000;

/** Says what is due, in the order of priority and within the rates: claim, say, mark. One per login. */
export function createSayer(deps: {
  outbox: Outbox;
  clock: Clock;
  work: Work;
  rates: Rates;
  mouth: Mouth;
  /** Names this process and start. */
  owner: string;
  stopped: (person: string) => Promise<boolean>;
  onBlocked: () => void;
  /** Other processes plan too: looks this often without being told. */
  pollMs?: number;
  /** Somebody is being answered in that chat (room, or `@person`): what nobody asked for waits until `released`. */
  busy?: (chat: string) => boolean;
}): Sayer {
  const { outbox, clock, work, rates, mouth } = deps;
  const { rows, block } = outbox;
  let draining = false;
  let again = false;
  let halted = false;
  /** As last seen; while it stands, and before the first look, the row is asked. */
  let blocked: boolean | null = null;
  let alarm: Cancel | undefined;
  /** Something waits until somebody was answered in its chat. */
  let heldBack = false;
  const claims = createClaims(outbox, deps.owner);

  const due = createDue(rows);

  /** Null: say it now. Otherwise what becomes of the row instead. */
  async function hindrance(row: OutboxRow, now: Date): Promise<Instead | null> {
    const calm = row.quiet ? await outbox.calm(now) : now;
    if (calm > now) return { notBefore: calm };
    if (row.optional && row.person !== null && (await deps.stopped(row.person))) return { state: 'dropped' };
    const verdict = await outbox.check(row);
    if (verdict === 'say') return null;
    return verdict === 'drop' ? { state: 'dropped' } : verdict;
  }

  async function failed(row: OutboxRow, fault: unknown): Promise<void> {
    const kind = mouth.faultKind(fault);
    if (kind === 'blocked') {
      blocked = true;
      deps.onBlocked();
    }
    const end = kind === 'unknown' ? 'unknown' : kind === 'give-up' || row.attempts >= tries ? 'failed' : null;
    const later = new Date(clock.now().getTime() + firstRetryMs * 2 ** (row.attempts - 1));
    // Another process may have taken it up meanwhile: then the row is that one's.
    const ours = { _id: row._id, state: 'sending', claimedBy: deps.owner, claimedAt: row.claimedAt } as const;
    await claims.ended(row._id, async () => {
      if (kind === 'blocked') await block.set();
      return rows.update(
        ours,
        end === null || kind === 'blocked'
          ? { $set: { state: 'queued', error: kind, notBefore: later } }
          : { $set: { state: end, error: kind } },
      );
    });
  }

  /** Whether it was said, as planned; otherwise the outbox must be looked at again. */
  async function say(row: OutboxRow): Promise<boolean> {
    const now = clock.now();
    let other: Instead | null;
    try {
      other = await hindrance(row, now);
    } catch (fault) {
      // Nobody knows whether it still is true: it waits, and what stands behind it goes on.
      const later = new Date(now.getTime() + checkAgainMs);
      await rows.update({ _id: row._id, state: 'queued' }, { $set: { notBefore: later, error: 'check' } });
      work.run('sayer', () => Promise.reject(fault));
      return false;
    }
    if (other !== null) {
      await rows.update({ _id: row._id, state: 'queued' }, { $set: other });
      return false;
    }
    // Stopped by what was said beside it.
    if (blocked === true) return false;
    const claimed = await claims.claim(row, now);
    if (claimed === null) return false;
    const marked = await speak(claimed, now);
    await marked?.();
    return marked !== null;
  }

  /** Says what is claimed. What is left then is to write down that it was said; null where it was not. */
  async function speak(claimed: OutboxRow, now: Date): Promise<(() => Promise<void>) | null> {
    rates.spoke(chatOf(claimed), answers(claimed), now);
    let sentId: string | null;
    try {
      sentId = await mouth.say(claimed);
    } catch (fault) {
      await failed(claimed, fault);
      return null;
    }
    const at = clock.now();
    return () => claims.ended(claimed._id, () => outbox.sent(claimed, at, sentId));
  }

  /** Whether an answer may go now, and none in its chat waits before it. */
  async function free(row: OutboxRow, now: Date): Promise<boolean> {
    if (halted || blocked !== false || !mouth.online() || rates.readyAt(chatOf(row), true, now) > now) return false;
    return !(await due.answersAhead(chatOf(row)));
  }

  const poll = (now: Date): Date | null => (deps.pollMs === undefined ? null : new Date(now.getTime() + deps.pollMs));

  function wakeAt(times: readonly (Date | null)[]): void {
    const soonest = Math.min(...times.map((time) => time?.getTime() ?? Number.POSITIVE_INFINITY));
    alarm?.();
    alarm = Number.isFinite(soonest) && !halted ? clock.at(new Date(soonest), kick) : undefined;
  }

  /** Of what waits, what may go now: answers of different chats side by side, else one row. */
  function choose(
    waiting: readonly OutboxRow[],
    now: Date,
  ): { goes: OutboxRow[]; all: boolean; earliest: Date | null } {
    const goes = new Map<string, OutboxRow>();
    let earliest: Date | null = null;
    for (const row of waiting) {
      if (!answers(row) && deps.busy?.(chatOf(row)) === true) {
        heldBack = true;
        continue;
      }
      const another = goes.size >= sideBySide || (goes.size > 0 && !answers(row)) || goes.has(chatOf(row));
      if (another) return { goes: [...goes.values()], all: false, earliest };
      const ready = rates.readyAt(chatOf(row), answers(row), now);
      if (ready <= now) goes.set(chatOf(row), row);
      else if (earliest === null || ready < earliest) earliest = ready;
    }
    return { goes: [...goes.values()], all: waiting.length < batch, earliest };
  }

  /** Says what may go now; whether to look again at once. */
  async function step(): Promise<boolean> {
    const now = clock.now();
    const { waiting, later } = await due.look(now);
    const { goes, all, earliest } = choose(waiting, now);
    const outcomes = await Promise.allSettled(goes.map(say));
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    const said = outcomes.every((outcome) => outcome.status === 'fulfilled' && outcome.value);
    if (goes.length > 0 && !(all && said)) return true;
    wakeAt([earliest, later, poll(now)]);
    return false;
  }

  /** Nothing is said before the row was asked; a block that this process could not write down stands all the same. */
  async function mayTalk(): Promise<boolean> {
    if (blocked !== false) blocked = (blocked === true && claims.unsettled()) || (await block.stands());
    if (blocked) wakeAt([poll(clock.now()) ?? new Date(clock.now().getTime() + lookAtBlockMs)]);
    return !blocked;
  }

  async function drain(): Promise<void> {
    try {
      do {
        again = false;
        while (!halted && mouth.online() && (await mayTalk()) && (await step())) again = false;
      } while (again);
    } finally {
      draining = false;
    }
  }

  /** What could not be said waits anew. */
  const lookAgain = (): Promise<void> => Promise.resolve(kick());

  function kick(): void {
    due.planned();
    again = true;
    if (draining || halted) return;
    draining = true;
    work.run('sayer', drain);
  }

  return {
    kick,
    released() {
      if (!heldBack) return;
      heldBack = false;
      kick();
    },
    async atOnce(row) {
      const now = clock.now();
      if (!answers(row) || row.notBefore > now || !(await free(row, now))) return null;
      const claiming = claims.claiming(row, now);
      if (claiming === null) return null;
      return {
        claim: claiming.write,
        async say() {
          const speaking = speak(claiming.row, now);
          work.run('sayer', async () => ((await speaking) ?? lookAgain)());
          await speaking.catch(() => undefined);
        },
        lost: () => claims.lost(claiming.row),
      };
    },
    async recover() {
      blocked = null;
      return claims.recover();
    },
    async reconcile() {
      await claims.settle();
      // Claimed by a process that had lost the login and did not know it yet, and then died.
      await claims.recover(new Date(clock.now().getTime() - foreignClaimMs));
      const since = new Date(clock.now().getTime() - reconcileWithinMs);
      let count = 0;
      await tryEach(await rows.find({ state: 'unknown' }), async (row) => {
        if (row.claimedAt === null || row.claimedAt < since) return;
        const id = await mouth.heard(row);
        if (id === null) return;
        await outbox.sent(row, clock.now(), id);
        count++;
      });
      return count;
    },
    settle: claims.settle,
    stop() {
      halted = true;
      alarm?.();
    },
  };
}
