import type { GridQueries } from '../src/grid/index.ts';
import type { Members } from '../src/members/index.ts';
import type { MessageService, Outage, OutboxRow } from '../src/messages/index.ts';
import type { Clock } from '../src/platform/clock.ts';
import type { Log } from '../src/platform/log.ts';
import type { Alarm } from '../src/platform/webhook.ts';
import { village } from '../src/shared/access.ts';
import { localDate } from '../src/shared/calendar/index.ts';
import * as say from '../templates/talk.ts';
import type { Sweep } from './schedule.ts';

/** Who is told when the WeChat login was away. */
export interface LoginWatch {
  readonly log: Log;
  /** Reaches a person while WeChat can't; null: nothing but the log does. Rejects when it was not taken. */
  readonly alarm: ((alarm: Alarm) => Promise<void>) | null;
  /** After an outage of so long, in milliseconds, the groups hear that something may have been missed. */
  readonly missedAfterMs: number;
}

/** A group hears of it once in so long. */
const missedEveryMs = 6 * 3_600_000;
const keptMs = 365 * 86_400_000;
const subject = 'missed';
/** States of a word that nobody has heard yet. */
const waiting: readonly OutboxRow['state'][] = ['queued', 'dropped'];
const timeIn = (row: OutboxRow, fact: 'from' | 'to'): Date => new Date(row.facts[fact] ?? row.createdAt);
const earliest = (times: readonly Date[]): Date => new Date(Math.min(...times.map(Number)));
const latest = (times: readonly Date[]): Date => new Date(Math.max(...times.map(Number)));

/** Watches the login's signs of life: one alarm an outage, and a word to those who may not have been heard. */
export function registerOutageJobs(deps: {
  messages: MessageService;
  members: Members;
  grid: GridQueries;
  clock: Clock;
  watch: LoginWatch;
}): { sweeps: Sweep[] } {
  const { messages, members, grid, clock, watch } = deps;
  const { outages } = messages;
  const { rows, calm } = messages.outbox;

  // What waited through the next outage is told with it: its end will say the whole span.
  messages.guard(subject, async (_room, { facts }) =>
    (await outages.unsettled()).some(({ _id }) => _id !== facts['outage']) ? 'drop' : 'say',
  );

  async function sendAlarms(): Promise<void> {
    for (let due = await outages.takeAlarm(); due !== null; due = await outages.takeAlarm()) {
      const { _id: id, since, alarmTries } = due;
      if (alarmTries === 1) watch.log.error('wechat.outage', { outage: id, since: since.toISOString() });
      try {
        await watch.alarm?.({ id, event: 'wechat.outage', text: say.alarm(since, clock.now()), since });
        await outages.alarmed(due, true);
      } catch (fault) {
        watch.log.fault('wechat.alarm-unsent', fault, { outage: id, tries: alarmTries });
        await outages.alarmed(due, false);
      }
    }
  }

  /** Whether the row, not said yet, is told with this outage; it was withdrawn for it then. */
  async function withdraw(row: OutboxRow, outage: Outage): Promise<boolean> {
    if (row.facts['mergedInto'] === outage._id) return true;
    const wanted = { state: 'cancelled' as const, 'facts.mergedInto': outage._id };
    return (await rows.update({ _id: row._id, state: { $in: [...waiting] } }, { $set: wanted })) !== null;
  }

  /** Plans the word to one group; a short outage only takes over what an earlier one left unsaid. */
  async function tellRoom(outage: Outage, endedAt: Date, room: string): Promise<void> {
    const key = `${subject}:${outage._id}:${room}`;
    if ((await messages.row(key)) !== null) return;
    const long = endedAt.getTime() - outage.since.getTime() >= watch.missedAfterMs;
    const unsaid: OutboxRow[] = [];
    const said: Date[] = [];
    for (const row of await rows.find({ 'subject.kind': subject, 'subject.id': room })) {
      if (row.facts['mergedInto'] === outage._id || waiting.includes(row.state)) {
        if (await withdraw(row, outage)) unsaid.push(row);
      } else if (['sending', 'sent', 'unknown'].includes(row.state)) {
        said.push(row.sentAt ?? row.claimedAt ?? row.createdAt);
      }
    }
    if (!long && unsaid.length === 0) return;
    const from = earliest([...unsaid.map((row) => timeIn(row, 'from')), ...(long ? [outage.since] : [])]);
    const to = latest([...unsaid.map((row) => timeIn(row, 'to')), ...(long ? [endedAt] : [])]);
    const notBefore = latest([clock.now(), ...said.map((at) => new Date(at.getTime() + missedEveryMs))]);
    await messages.say({
      key,
      to: { room },
      text: say.missed(from, to, localDate(await calm(notBefore))),
      kind: 'news',
      notBefore,
      subject: { kind: subject, id: room },
      facts: { outage: outage._id, from: from.toISOString(), to: to.toISOString() },
    });
  }

  /** One line to where an admin reads: the direct chat, else a management group. */
  async function tellAdmin(outage: Outage, endedAt: Date): Promise<void> {
    for (const { _id } of await members.holders('管理员', village)) {
      const to = await messages.addressOf(_id);
      if (to !== null && 'person' in to) return lineTo(to, outage, endedAt);
    }
    const root = (await grid.village())?._id;
    const offices = (await grid.rooms()).filter(({ management, channelRoom }) => management && channelRoom !== null);
    const office = offices.find((room) => room.grid === root) ?? offices[0];
    if (office !== undefined) await lineTo({ room: office._id }, outage, endedAt);
  }

  async function lineTo(to: Parameters<typeof messages.say>[0]['to'], outage: Outage, endedAt: Date): Promise<void> {
    const text = say.backAgain(outage.since, endedAt, localDate(await calm(clock.now())));
    await messages.say({ key: `outage:${outage._id}`, to, text, kind: 'news' });
  }

  async function tellAll(): Promise<void> {
    for (const outage of await outages.unsettled()) {
      const { state, since, endedAt, alarm } = outage;
      if (state !== 'ended' || endedAt === null) continue;
      // Where nobody was ever heard nothing was missed: a group is known by its first message.
      for (const { _id, channelRoom } of await grid.rooms())
        if (channelRoom !== null) await tellRoom(outage, endedAt, _id);
      const long = endedAt.getTime() - since.getTime() >= watch.missedAfterMs;
      if (long || alarm === 'sent') await tellAdmin(outage, endedAt);
      watch.log.warn('wechat.outage-over', { outage: outage._id, until: endedAt.toISOString() });
      await outages.settle(outage);
    }
  }

  return {
    sweeps: [
      {
        name: 'messages.outages',
        everyMinutes: 1,
        async run() {
          await outages.look();
          await tellAll();
          await sendAlarms();
        },
      },
      {
        name: 'messages.outages-old',
        everyMinutes: 60,
        run: async () => void (await outages.purge(new Date(clock.now().getTime() - keptMs))),
      },
    ],
  };
}
