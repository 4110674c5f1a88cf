import type { Draft } from '../../../src/activities/index.ts';
import { village, type Actor } from '../../../src/shared/access.ts';
import { parseWhen } from '../../../src/shared/calendar/index.ts';
import { parseCount } from '../../../src/shared/numerals.ts';
import * as say from '../../../templates/activities.cadres.ts';
import { faults } from '../../../templates/activities.ts';
import type { Answer, Slots, Turn } from '../skill.ts';
import { record, word, words, type Deps } from './parts.ts';

const defaultLengthMs = 2 * 3_600_000;
const things = /\s*(?:、|,|,|\s)\s*/u;

/** 12人 → 12. */
const peopleIn = (text: string | undefined): number | null =>
  parseCount((text ?? '').replace(/\s*(?:个?人|个|位)$/u, ''));

/** Reads the fields of 发活动; an answer says what is missing or not understood. */
export function draftReader({ grid }: Pick<Deps, 'grid'>): (turn: Turn, fields: Slots) => Promise<Draft | Answer> {
  /** Rooms of 范围; the creator's own grid when nothing is said; null when it isn't understood. */
  async function roomsOf(actor: Actor, range: string | undefined): Promise<string[] | null> {
    const all = (await grid.rooms()).filter(({ management }) => !management);
    if (range === undefined) {
      const scopes = actor.grants.map(({ scope }) => scope);
      const own = scopes.includes(village) ? all : all.filter((room) => scopes.includes(room.grid));
      return own.map(({ _id }) => _id);
    }
    if (/^(?:全村|全体|所有|大家)/u.test(range)) return all.map(({ _id }) => _id);
    const found = new Set<string>();
    for (const name of range.split(things).filter((one) => one !== '')) {
      const place = await grid.named(name);
      const room = place === null ? null : await grid.roomOf(place._id);
      if (room === null) return null;
      found.add(room._id);
    }
    return [...found];
  }

  async function draftOf(turn: Turn, fields: Slots): Promise<Draft | Answer> {
    const name = word(fields, '标题') ?? word(fields, '名称');
    const when = word(fields, '时间');
    const capacity = peopleIn(word(fields, '人数') ?? word(fields, '名额'));
    const least = word(fields, '最少');
    const minimum = peopleIn(least);
    if (name === undefined || when === undefined || capacity === null) return { text: say.howToCreate };
    if (least !== undefined && minimum === null) return { text: say.howToCreate };
    const time = parseWhen(when, turn.at);
    const until = word(fields, '截止');
    const deadline = until === undefined ? null : parseWhen(until, turn.at);
    if (time === null || (until !== undefined && deadline === null))
      return { text: faults['activities.bad-time']?.({}) ?? '' };
    const rooms = await roomsOf(turn.actor, word(fields, '范围'));
    if (rooms === null) return { text: say.unknownRange };
    const age = parseCount((word(fields, '年龄') ?? '').replace(/[满岁以上]/gu, ''));
    return {
      name,
      ...(word(fields, '类型') === undefined ? {} : { kind: word(fields, '类型') ?? '' }),
      garden: word(fields, '花园') ?? null,
      startsAt: time.start,
      endsAt: time.end ?? new Date(time.start.getTime() + defaultLengthMs),
      capacity,
      deadline: deadline?.start ?? null,
      minimum,
      minAge: age,
      meet: word(fields, '地点') ?? null,
      bring: (word(fields, '带') ?? '').split(things).filter((thing) => thing !== ''),
      content: word(fields, '内容') ?? null,
      callRooms: rooms,
      jielong: word(fields, '接龙') !== undefined,
    };
  }

  return draftOf;
}

/** A draft that waited in a question, where dates are text. */
export function draftFrom(value: unknown): Draft {
  const given = record(value);
  const date = (key: string): Date | null => {
    const text = given[key];
    return typeof text === 'string' ? new Date(text) : text instanceof Date ? text : null;
  };
  const { name, kind, garden, capacity, minimum, minAge, meet, content, jielong } = given;
  const text = (one: unknown): string | null => (typeof one === 'string' ? one : null);
  return {
    name: text(name) ?? '',
    ...(typeof kind === 'string' ? { kind } : {}),
    garden: text(garden),
    startsAt: date('startsAt') ?? new Date(0),
    endsAt: date('endsAt') ?? new Date(0),
    capacity: Number(capacity),
    deadline: date('deadline'),
    minimum: typeof minimum === 'number' ? minimum : null,
    minAge: typeof minAge === 'number' ? minAge : null,
    meet: text(meet),
    bring: words(given['bring']),
    content: text(content),
    callRooms: words(given['callRooms']),
    jielong: jielong === true,
  };
}
