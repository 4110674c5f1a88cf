import { z } from 'zod';
import type { Clock } from '../platform/clock.ts';
import { declare, type Store } from '../platform/store/port.ts';
import { isAppError } from '../shared/errors.ts';

/** When the WeChat login was last seen alive, written about once a minute. `_id` = `wechat`; no row: it never was. */
export const lifeSigns = declare('lifeSigns', z.object({ _id: z.string(), aliveAt: z.date() }));

/**
 * A time without the login. `_id` = `wechat:<since>`: the same row for every process, restart and failed try.
 * open → ended (alive again) → over (everybody who had to hear of it is told).
 */
export const outages = declare(
  'outages',
  z.object({
    _id: z.string(),
    state: z.enum(['open', 'ended', 'over']),
    /** The last sign of life before it. */
    since: z.date(),
    noticedAt: z.date(),
    endedAt: z.date().nullable(),
    /** Of a person who can help: due → sending → sent | failed; one that ended before stays due and is not sent. */
    alarm: z.enum(['due', 'sending', 'sent', 'failed']),
    /** When it is due, or was last tried. */
    alarmAt: z.date(),
    alarmTries: z.number().int(),
  }),
  { state: { fields: ['state', 'since'] }, since: { fields: ['since'] } },
);
export type Outage = z.infer<typeof outages.schema>;

/** Silent for so long, in milliseconds: three signs of life are missing. */
export const noticeMs = 180_000;
/** From then on a login has this long to come back before somebody is called; a restart takes less. */
const graceMs = 120_000;
/** An alarm that was being sent when its process died is sent again after this long. */
const stuckMs = 600_000;
const mostTries = 8;
const longestWaitMs = 1_800_000;
/** A sign of life this far ahead was written by a clock that was wrong. */
const clockMarginMs = 300_000;

/** What is known of the login. */
export interface LoginState {
  readonly aliveAt: Date | null;
  readonly outage: Outage | null;
}

/** Keeps when the login lived, and what lay between. Every step may be repeated, by any process. */
export interface Outages {
  /** The login lived then. Ends the outage before it, if there was one; the very first sign has nothing before it. */
  alive(at: Date): Promise<void>;
  /** Opens an outage when the login has been silent for too long. */
  look(): Promise<void>;
  /** Takes the alarm that is due for sending; null when none is. Ask until then. */
  takeAlarm(): Promise<Outage | null>;
  /** How the sending ended; a failed one is due again, later each time, eight times in all. */
  alarmed(outage: Outage, sent: boolean): Promise<void>;
  /** Not yet over, oldest first. */
  unsettled(): Promise<Outage[]>;
  /** Everybody is told. */
  settle(outage: Outage): Promise<void>;
  state(): Promise<LoginState>;
  /** The newest first. */
  recent(limit: number): Promise<Outage[]>;
  /** Forgets those that began before then and are over; how many. */
  purge(before: Date): Promise<number>;
}

const login = 'wechat';

export function createOutages({ store, clock }: { store: Store; clock: Clock }): Outages {
  const signs = store.collection(lifeSigns);
  const rows = store.collection(outages);

  /** Once: a row that is there stays as it is. */
  async function insert(since: Date, part: Pick<Outage, 'state' | 'endedAt'>): Promise<void> {
    const now = clock.now();
    const alarmAt = new Date(now.getTime() + graceMs);
    const fresh = { noticedAt: now, alarm: 'due' as const, alarmAt, alarmTries: 0 };
    try {
      await rows.insert({ _id: `${login}:${since.toISOString()}`, since, ...fresh, ...part });
    } catch (fault) {
      if (!isAppError(fault, 'store.duplicate')) throw fault;
    }
  }

  const unsettled = (): Promise<Outage[]> => rows.find({ state: { $in: ['open', 'ended'] } }, { sort: { since: 1 } });

  return {
    unsettled,
    async alive(at) {
      const before = (await signs.upsert(login, { $setOnInsert: { aliveAt: at } })).doc.aliveAt;
      const silent = at.getTime() - before.getTime();
      if (silent <= 0 && silent >= -clockMarginMs) return;
      // Ended before the sign moves on: a crash in between ends it again.
      if (silent >= noticeMs) await insert(before, { state: 'ended', endedAt: at });
      await rows.updateMany({ state: 'open' }, { $set: { state: 'ended', endedAt: at } });
      await signs.update({ _id: login, aliveAt: before }, { $set: { aliveAt: at } });
    },
    async look() {
      const sign = await signs.get(login);
      if (sign === null || clock.now().getTime() - sign.aliveAt.getTime() < noticeMs) return;
      await insert(sign.aliveAt, { state: 'open', endedAt: null });
    },
    async takeAlarm() {
      const now = clock.now();
      const stuck = new Date(now.getTime() - stuckMs);
      for (const row of await unsettled()) {
        const due = row.alarm === 'due' ? row.alarmAt <= now : row.alarm === 'sending' && row.alarmAt <= stuck;
        if (!due || row.state !== 'open') continue;
        const taken = await rows.update(
          { _id: row._id, state: 'open', alarm: row.alarm, alarmTries: row.alarmTries },
          { $set: { alarm: 'sending', alarmAt: now }, $inc: { alarmTries: 1 } },
        );
        if (taken !== null) return taken;
      }
      return null;
    },
    async alarmed({ _id, alarmTries }, sent) {
      const again = new Date(clock.now().getTime() + Math.min(60_000 * 2 ** (alarmTries - 1), longestWaitMs));
      await rows.update(
        { _id, alarm: 'sending', alarmTries },
        sent
          ? { $set: { alarm: 'sent' } }
          : { $set: alarmTries >= mostTries ? { alarm: 'failed' } : { alarm: 'due', alarmAt: again } },
      );
    },
    async settle({ _id }) {
      await rows.update({ _id, state: 'ended' }, { $set: { state: 'over' } });
    },
    async state() {
      const sign = await signs.get(login);
      const open = await rows.find({ state: 'open' }, { sort: { since: 1 } });
      return { aliveAt: sign?.aliveAt ?? null, outage: open.at(-1) ?? null };
    },
    recent: (limit) => rows.find({ since: { $gt: new Date(0) } }, { sort: { since: -1 }, limit }),
    purge: (before) => rows.remove({ state: 'over', since: { $lt: before } }),
  };
}
