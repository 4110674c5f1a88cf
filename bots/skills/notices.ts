import type { GridQueries } from '../../src/grid/index.ts';
import type { Members } from '../../src/members/index.ts';
import type { Messages } from '../../src/messages/index.ts';
import {
  recurrence,
  sayingKey,
  unknownVariables,
  type AudienceInput,
  type Notice,
  type Notices,
} from '../../src/notices/index.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { parseWhen } from '../../src/shared/calendar/index.ts';
import { isAppError } from '../../src/shared/errors.ts';
import * as say from '../../templates/notices.ts';
import { readAcknowledgement } from '../understanding/acknowledgement.ts';
import { homeRange, readDraft, readRange } from './notices.fields.ts';
import { readRepeat } from './notices.repeat.ts';
import type { Answer, Skill, Slots, Turn } from './skill.ts';

const listed = 5;

const word = (slots: Slots, name: string): string => {
  const value = slots[name];
  return typeof value === 'string' ? value : '';
};

function fieldsOf(slots: Slots): Record<string, string> {
  const given = slots['fields'];
  if (typeof given !== 'object' || given === null) return {};
  return Object.fromEntries(
    Object.entries(given).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function audienceFrom(value: unknown): AudienceInput {
  const given: Readonly<Record<string, unknown>> = typeof value === 'object' && value !== null ? { ...value } : {};
  const list = (name: string): string[] => {
    const values = given[name];
    return Array.isArray(values) ? values.filter((one) => typeof one === 'string') : [];
  };
  return {
    rooms: list('rooms'),
    direct: list('direct'),
    grids: list('grids'),
    households: list('households'),
    roles: list('roles'),
    tags: list('tags'),
  };
}

/** 通知, 收到, and for cadres 发通知, 审核, 停发 and who has answered. */
export function createNoticesSkill(deps: {
  notices: Notices;
  members: Members;
  grid: GridQueries;
  messages: Pick<Messages, 'row'>;
  clock: Clock;
}): Skill {
  const { notices, members, grid, messages, clock } = deps;

  /** Where cadres' commands are taken: the management group or a direct chat. */
  const amongStaff = async ({ room }: Turn): Promise<boolean> =>
    room === null || (await grid.room(room))?.management === true;

  const forStaff =
    (verb: (turn: Turn, slots: Slots) => Promise<Answer>) =>
    async (turn: Turn, slots: Slots): Promise<Answer> =>
      (await amongStaff(turn)) ? verb(turn, slots) : { text: say.elsewhere };

  const chatsOf = async (turn: Turn): Promise<({ room: string } | { person: string })[]> => {
    if (turn.room !== null) return [{ room: turn.room }];
    const own = turn.grid === null ? null : await grid.roomOf(turn.grid);
    return [{ person: turn.person }, ...(own === null ? [] : [{ room: own._id }])];
  };

  async function lastHere(turn: Turn): Promise<Notice[]> {
    const found = new Map<string, Notice>();
    for (const chat of await chatsOf(turn)) {
      for (const one of await notices.lastSaid(chat, listed)) found.set(one._id, one);
    }
    return [...found.values()].toSorted((a, b) => b.number - a.number).slice(0, listed);
  }

  async function list(turn: Turn): Promise<Answer> {
    const said = (await lastHere(turn)).flatMap((one) => (one.saidAt === null ? [] : [{ ...one, saidAt: one.saidAt }]));
    const toDecide = (await amongStaff(turn)) ? await notices.toDecide(turn.actor) : [];
    const text = say.list(said.slice(0, toDecide.length === 0 ? listed : listed - 1), turn.at);
    return { text: toDecide.length === 0 ? text : `${text}\n${say.waiting(toDecide)}` };
  }

  const numbered = async (slots: Slots): Promise<Notice | null> => {
    const digits = /(\d{1,6})$/.exec(word(slots, 'notice'))?.[1];
    return digits === undefined ? null : notices.byNumber(Number(digits));
  };

  async function show(turn: Turn, slots: Slots): Promise<Answer> {
    const notice = await numbered(slots);
    if (notice === null) return { text: say.unknown };
    if (await amongStaff(turn)) {
      try {
        if (notice.saidAt === null) {
          return { text: say.unsaid(notice, await notices.intended(turn.actor, notice._id)) };
        }
        const found = await notices.reach(turn.actor, notice._id);
        const names = (people: readonly { name: string }[]): string[] => people.map((one) => one.name);
        return { text: say.reach({ ...found, silent: names(found.silent), unreached: names(found.unreached) }) };
      } catch (fault) {
        if (!isAppError(fault, 'access.denied')) throw fault;
      }
    }
    for (const chat of await chatsOf(turn)) {
      const delivery = await notices.saidIn(notice._id, chat);
      const saying = delivery === null ? null : await messages.row(sayingKey(delivery));
      if (saying !== null) return { text: saying.text };
    }
    return { text: say.unknown };
  }

  async function acknowledge(turn: Turn, slots: Slots): Promise<Answer> {
    const { notice, outcome } = await notices.acknowledge({
      person: turn.person,
      member: turn.member,
      room: turn.room,
      at: turn.at,
      from: turn.message,
    });
    if (turn.room !== null && !turn.mention) return { text: null, keepsQuestion: true };
    const weak = !/收到|收倒/u.test(word(slots, 'text') || turn.text);
    if (weak && notice === null) return { text: say.noted, keepsQuestion: true };
    if (notice === null) return { text: say.countedNothing, keepsQuestion: true };
    if (outcome === 'unbound') return { text: say.countedUnbound, keepsQuestion: true };
    const text = outcome === 'again' ? say.countedBefore(notice.title) : say.counted(notice.title);
    return { text, keepsQuestion: true };
  }

  async function draft(turn: Turn, slots: Slots): Promise<Answer> {
    const kind = slots['urgent'] === true ? 'urgent' : 'normal';
    const fields = readDraft(fieldsOf(slots));
    const place = fields.range === '' ? homeRange(turn.actor) : fields.range;
    if (fields.title === '' || fields.text === '' || place === '') return { text: say.form };
    const unknown = unknownVariables(`${fields.title}\n${fields.text}`);
    if (unknown.length > 0) return { text: say.variableUnknown(unknown) };
    const range = await readRange(place, { grid, members });
    if ('unknown' in range) return { text: say.rangeUnknown(range.unknown) };
    const at = fields.when === '' ? null : (parseWhen(fields.when, clock.now())?.start ?? null);
    if (fields.when !== '' && at === null) return { text: say.timeUnknown };
    const repeat = fields.repeat === '' ? null : readRepeat(fields.repeat);
    if (fields.repeat !== '' && repeat === null) return { text: say.repeatUnknown };
    const { title, text } = fields;
    const times = { ...(at === null ? {} : { at }), ...(repeat === null ? {} : { repeat }) };
    const { count, firstAt } = await notices.check(turn.actor, { kind, title, text, ...range.audience, ...times });
    return {
      text: say.preview({ kind, title, text }, count, { at: firstAt, repeat: repeat === null ? null : fields.repeat }),
      ask: {
        verb: 'notice.send',
        slots: { kind, title, text, audience: range.audience, at: at?.toISOString() ?? null, repeat },
        accepts: ['yes-no'],
      },
    };
  }

  async function send(turn: Turn, slots: Slots): Promise<Answer> {
    if (slots['yes'] !== true) return { text: say.notSent };
    const at = word(slots, 'at');
    const repeat = recurrence.safeParse(slots['repeat']);
    const notice = await notices.send(turn.actor, {
      kind: slots['kind'] === 'urgent' ? 'urgent' : 'normal',
      title: word(slots, 'title'),
      text: word(slots, 'text'),
      ...audienceFrom(slots['audience']),
      ...(at === '' ? {} : { at: new Date(at) }),
      ...(repeat.success ? { repeat: repeat.data } : {}),
      from: turn.message,
    });
    if (notice.kind === 'normal') return { text: say.submitted(notice), change: null };
    const later = notice.sayAt !== null && notice.sayAt > turn.at ? notice.sayAt : null;
    return { text: later === null ? say.goesOut(notice) : say.goesOutAt(notice, later), change: null };
  }

  async function review(turn: Turn, slots: Slots): Promise<Answer> {
    const notice = await numbered(slots);
    if (notice === null) return { text: say.unknown };
    if (slots['approve'] !== true) {
      return { text: say.rejected(await notices.reject(turn.actor, notice._id, word(slots, 'reason'))), change: null };
    }
    const approved = await notices.approve(turn.actor, notice._id);
    const later = approved.sayAt !== null && approved.sayAt > turn.at ? approved.sayAt : null;
    return { text: say.approved(approved, later, approved.approvedAfterwards), change: null };
  }

  async function stop(turn: Turn, slots: Slots): Promise<Answer> {
    const notice = await numbered(slots);
    if (notice === null) return { text: say.unknown };
    return { text: say.stopped(await notices.cancel(turn.actor, notice._id)), change: null };
  }

  return {
    reads: ['notice.list'],
    verbs: {
      'notice.list': list,
      'notice.reach': show,
      'notice.ack': acknowledge,
      'notice.draft': forStaff(draft),
      'notice.send': forStaff(send),
      'notice.review': forStaff(review),
      'notice.cancel': forStaff(stop),
    },
    forStaff: ['notice.draft', 'notice.review', 'notice.cancel'],
    fits: {
      'notice.ack': (turn, slots) => {
        const read = readAcknowledgement(word(slots, 'text') || turn.text, [turn.name]);
        return Promise.resolve(read === 'plain' || (read === 'addressed' && (turn.room === null || turn.mention)));
      },
    },
  };
}
