import { z } from 'zod';
import { declare } from '../platform/store/port.ts';

/**
 * Who holds seats: the truth about them; sign-up rows follow it and are mended from it. Who waits is in
 * the rows alone, so that a long queue makes no long document.
 * An entry is `<person key>#<sequence>#<people>`. free + kept + people in `claims` = capacity.
 */
const seats = z.object({
  capacity: z.number().int(),
  /** May be taken by anybody. */
  free: z.number().int(),
  /** Freed while somebody waited: kept for the queue until the allocator has looked. */
  kept: z.number().int(),
  /** Rows that wait: a crash may leave it too high until the sweep; exact when nothing runs. */
  waiting: z.number().int(),
  /** The last place in the queue that was given out; places are never given twice. */
  lastTicket: z.number().int(),
  /** Counts the changes, so that a decision made on what was read can be guarded. */
  rev: z.number().int(),
  /** Entries that hold seats, confirmed or offered. */
  claims: z.array(z.string()),
});

/** A change of time that was made: what was, who moved it, why. */
const move = z.object({
  at: z.date(),
  by: z.string().nullable(),
  startsAt: z.date(),
  endsAt: z.date(),
  reason: z.string().nullable(),
});

/** Something people sign up for. `_id` is its short number (A7). */
export const activities = declare(
  'activities',
  z.object({
    _id: z.string(),
    name: z.string(),
    /** 志愿服务, 花园劳动, 会议, 培训, 党员活动, … */
    kind: z.string(),
    garden: z.string().nullable(),
    /** Where permissions count: a grid id or `village`. */
    scope: z.string(),
    startsAt: z.date(),
    endsAt: z.date(),
    /** Sign-up ends then; null: at the start. */
    deadline: z.date().nullable(),
    /** Fewest people for it to be worth while; null: none. */
    minimum: z.number().int().nullable(),
    /** Years completed on the day; null: none. */
    minAge: z.number().int().nullable(),
    meet: z.string().nullable(),
    bring: z.array(z.string()),
    content: z.string().nullable(),
    state: z.enum(['open', 'cancelled']),
    /** Why it was called off. */
    reason: z.string().nullable(),
    /** Version of the time: reminders and lists shown belong to one. */
    version: z.number().int(),
    moves: z.array(move),
    /** For 签到: 3–8 digits or capital letters. */
    checkinCode: z.string().nullable(),
    /** Rooms into which the call is posted. */
    callRooms: z.array(z.string()),
    /** The call begins a 接龙. */
    jielong: z.boolean(),
    createdBy: z.string().nullable(),
    createdAt: z.date(),
    /** The message that made it, and the last one that changed it. */
    from: z.string().nullable(),
    changedFrom: z.string().nullable(),
    seats,
  }),
  {
    starting: { fields: ['state', 'startsAt'] },
    ending: { fields: ['endsAt'] },
    name: { fields: ['name'] },
    from: { fields: ['from'] },
  },
);
export type Activity = z.infer<typeof activities.schema>;

/** Running numbers: `_id` `activity` counts the activities that were given a number here. */
export const activityCounters = declare('activityCounters', z.object({ _id: z.string(), last: z.number().int() }));

export const liveStatuses = ['pending', 'confirmed', 'waitlisted', 'held', 'leaving'] as const;
export const statuses = [...liveStatuses, 'cancelled'] as const;

/** What one line of a 接龙 brought into a row. */
const line = z.object({
  /** The room and the line's own key there. */
  key: z.string(),
  /** As written. */
  name: z.string(),
  people: z.number().int(),
  /** It is about the row's person; otherwise about a guest. */
  self: z.boolean(),
});
export type Line = z.infer<typeof line>;

/** What changes with the number of people of a row. */
const size = {
  people: z.number().int(),
  companions: z.array(z.string()),
  guests: z.array(z.string()),
  lines: z.array(line),
};

/**
 * One row per person who goes. `_id` = `activity:person`.
 * pending → confirmed | waitlisted → held → confirmed; any → leaving → cancelled; cancelled → pending again.
 */
export const signups = declare(
  'signups',
  z.object({
    _id: z.string(),
    activity: z.string(),
    /** Member id, or `wx:<contact>` while unbound (provisional). */
    person: z.string(),
    member: z.string().nullable(),
    /** As registered, or as written while unbound. */
    name: z.string(),
    /** Seats of the row, the person included. */
    people: z.number().int(),
    /** Registered people who come along in this row. */
    companions: z.array(z.string()),
    /** Others who come along, as written. */
    guests: z.array(z.string()),
    /** Lines of a 接龙 that are counted in `people`. When they are all about guests, the person does not go. */
    lines: z.array(line).optional(),
    /** Who signed up, when it was somebody else. */
    by: z.string().nullable(),
    status: z.enum(statuses),
    /** Why cancelled: cancelled, undone, offer refused, offer lapsed, activity cancelled, asked, moved. */
    why: z.string().nullable(),
    /** The message that made the row, or that accepted the offer. */
    from: z.string(),
    /** Where it was made: our room id, or null in a direct chat; and who spoke there. */
    room: z.string().nullable(),
    speaker: z.string(),
    /** When it was made; for an accepted offer: when it was accepted. Reminders due before are not for it. */
    signedAt: z.date(),
    /** Counts the attempts; with person and people it names the entry in the activity. */
    seq: z.number().int(),
    /** The entry in the activity that belongs to this row; null when it has none. */
    entry: z.string().nullable(),
    /** Orders those who wait; null for who doesn't. */
    ticket: z.number().int().nullable(),
    offer: z
      .object({
        sayAt: z.date(),
        saidAt: z.date().nullable(),
        holdsUntil: z.date().nullable(),
        /** Who is asked and answers: the person, or who signed up for somebody without WeChat. */
        to: z.string(),
        room: z.string().nullable(),
      })
      .nullable(),
    /** The last message that changed the row and what it did: makes a repeated message harmless. */
    did: z.object({ from: z.string(), what: z.string() }),
    /** A change of number that was begun: the row becomes this once the activity has the entry. */
    next: z
      .object({ ...size, entry: z.string(), did: z.object({ from: z.string(), what: z.string() }) })
      .nullable()
      .optional(),
    /** The provisional row (`<row>#<seq>`) that this one took over, once its contact was bound. */
    tookOver: z.string().optional(),
    touchedAt: z.date(),
  }),
  {
    activity: { fields: ['activity', 'status', 'ticket'] },
    entry: { fields: ['activity', 'entry'] },
    person: { fields: ['person', 'status'] },
    by: { fields: ['by', 'status'] },
    speaker: { fields: ['speaker', 'status'] },
    companions: { fields: ['companions'] },
    status: { fields: ['status', 'touchedAt'] },
    offer: { fields: ['offer.to', 'status'] },
  },
);
export type Signup = z.infer<typeof signups.schema>;
/** What a row counts, as a change of number leaves it. */
export type Size = Pick<Signup, 'people' | 'companions' | 'guests'> & { lines: Line[] };

/**
 * What the reader of 接龙 remembers of a room. `_id` = the room. Of what people wrote it keeps the names on the
 * list; the rest are digests.
 */
export const chains = declare(
  'chains',
  z.object({
    _id: z.string(),
    /** JSON, whose shape is the reader's business (`bots/understanding/jielong.ts`). */
    state: z.string(),
    /** Counts the changes. */
    rev: z.number().int(),
    /** The message that was read last; null when nobody wrote (a call began it). */
    from: z.string().nullable(),
    touchedAt: z.date(),
  }),
  { touched: { fields: ['touchedAt'] } },
);
export type ChainRoom = z.infer<typeof chains.schema>;

/** Who was there. `_id` = `activity:person`. */
export const attendance = declare(
  'attendance',
  z.object({
    _id: z.string(),
    activity: z.string(),
    person: z.string(),
    member: z.string().nullable(),
    /** People of the sign-up row, 1 for somebody who came without one. */
    people: z.number().int(),
    /** Had signed up. */
    signedUp: z.boolean(),
    how: z.enum(['code', 'roll call']),
    /** Who recorded it: the person, or the cadre who called the roll. */
    by: z.string(),
    at: z.date(),
    from: z.string(),
    /** Length of the activity. */
    minutes: z.number().int(),
  }),
  { activity: { fields: ['activity'] }, person: { fields: ['person', 'at'] } },
);
export type Attendance = z.infer<typeof attendance.schema>;
