import { createClient, type Client } from '../support/http.ts';
import { contactOf } from '../support/village.ts';
import { password } from '../support/staff.ts';
import { plenty, scarce, signingIn } from './founding.ts';
import { close, type Kind, type Ledger, type Sent } from './ledger.ts';
import type { Heard, Life, Phone } from './phone.ts';
import { pause } from './random.ts';

/** People who write and work, over all lives of the process. */
export interface Load {
  /** Until the process is dead or it is stopped; resolves when everybody has noticed. */
  run(life: Life, stop: { asked: boolean }): Promise<void>;
  /** Its sender waits for the answer no longer: it is in the outbox, or nobody knows. */
  settle(id: string): void;
  /** Nothing was written of it: its sender writes it again. */
  again(id: string): void;
}

interface Person {
  readonly member: string;
  readonly room: string | null;
  readonly kinds: readonly Kind[];
  /** Sent, not answered yet. */
  waiting: Sent | null;
  count: number;
}

const fits: Readonly<Record<Kind, RegExp>> = {
  'sign-up': /已报|已经报了/,
  cancel: /已取消报名|没有报/,
  report: /记下了FK/,
  scarce: /报|取消|候补|名额/,
};

/** Notices and offers. */
const unasked = /^【|不要就回“不要”/;

function wordsOf(kind: Kind, n: number, random: () => number): string {
  if (kind === 'sign-up') return `报名 ${plenty.name}`;
  if (kind === 'cancel') return `取消报名 ${plenty.name}`;
  if (kind === 'report') return `反馈 三组坎下第${n}根电线杆歪了`;
  const all = [`报名 ${scarce.name}`, `报名 ${scarce.name} 2人`, `取消报名 ${scarce.name}`, `取消报名 ${scarce.name}`];
  return all[Math.floor(random() * all.length)] ?? '';
}

const room = 'r-三组@chatroom';
const other = 'r-四组@chatroom';

export function createLoad(deps: { phone: Phone; ledger: Ledger; random: () => number; faults: string[] }): Load {
  const { phone, ledger, random, faults } = deps;
  const person = (member: string, where: string | null, ...kinds: Kind[]): Person => ({
    ...{ member, room: where, kinds, waiting: null, count: 0 },
  });
  const people = [
    person('M1', null, 'sign-up', 'cancel'),
    person('M2', room, 'sign-up', 'cancel'),
    person('M3', null, 'scarce'),
    person('M4', room, 'scarce'),
    person('M8', other, 'scarce'),
    person('M9', null, 'report'),
    person('M7', null, 'report', 'sign-up', 'cancel'),
  ];
  let messages = 0;
  let heardBy: ((one: Heard) => void)[] = [];
  phone.onHeard((one) => {
    for (const hear of heardBy) hear(one);
  });

  /** What is said to that person, or in that room with them meant, and fits. */
  function isAnswer({ from, room: where, kind }: Sent, one: Heard): boolean {
    const meant = where === null ? one.to === from : one.to === where && one.mentions.includes(from);
    return meant && !unasked.test(one.text) && fits[kind].test(one.text);
  }

  /** Resolves with the answer; null when the process died, or somebody called it off, before. */
  function answered(message: Sent, over: () => boolean): Promise<string | null> {
    return new Promise((resolve) => {
      const end = (text: string | null): void => {
        heardBy = heardBy.filter((hear) => hear !== listen);
        clearInterval(timer);
        resolve(text);
      };
      const listen = (one: Heard): void => {
        if (isAnswer(message, one)) end(one.text);
      };
      const timer = setInterval(() => {
        if (over()) end(null);
      }, 10);
      heardBy.push(listen);
      if (over()) end(null);
    });
  }

  function next(one: Person): Sent {
    const kind = one.kinds[one.count % one.kinds.length] ?? 'sign-up';
    const n = ++messages;
    one.count++;
    const message: Sent = {
      ...{ id: `w${n}`, from: contactOf(one.member), room: one.room, kind },
      ...{ text: wordsOf(kind, n, random), given: false, answer: null, closed: false },
    };
    ledger.sent.set(message.id, message);
    return message;
  }

  async function talk(one: Person, life: Life, stop: { asked: boolean }): Promise<void> {
    while (life.alive()) {
      if (one.waiting === null) {
        if (stop.asked) return;
        one.waiting = next(one);
      }
      const message = one.waiting;
      while (!message.given && life.alive()) {
        message.given = phone.write(message);
        if (!message.given) await pause(10);
      }
      const over = (): boolean => !life.alive() || !message.given || one.waiting !== message;
      const answer = await answered(message, over);
      if (answer === null) continue;
      message.answer = answer;
      one.waiting = null;
      close(ledger, message);
      await pause(random() * 30);
    }
  }

  const clients = new Map<string, Client>();
  async function signedIn(member: string, url: string): Promise<Client> {
    const before = clients.get(member);
    const client = createClient(url);
    if (before === undefined) {
      const { status } = await client.signIn(member.toLowerCase(), password);
      if (status !== 201) throw new Error(`${member} could not sign in: ${status}`);
    } else {
      // The session outlives the process.
      for (const [name, value] of before.cookies) client.cookies.set(name, value);
      client.csrf = before.csrf;
    }
    clients.set(member, client);
    return client;
  }

  interface Request {
    readonly path: string;
    readonly body: unknown;
    readonly key: string;
    /** 2xx came. */
    done(answer: { id: string; version: number }): Request | null;
  }
  let requests = 0;
  const works = new Map<string, Request>();

  function notice(): Request {
    const key = `n${++requests}`;
    const title = `通知第${key}号`;
    const text = `第${key}号:明天清洗水池,请存水。`;
    return {
      path: '/api/v1/notices',
      key,
      body: { kind: 'normal', title, text, rooms: ['三组', '四组'], direct: ['M1', 'M3', 'M9'], submit: true },
      done({ id, version }) {
        ledger.kept.push({ what: 'notice', id, title });
        return {
          path: `/api/v1/notices/${encodeURIComponent(id)}/approve`,
          key: `${key}-approve`,
          body: { version },
          done() {
            ledger.kept.push({ what: 'approval', id, title });
            return null;
          },
        };
      },
    };
  }

  function activity(): Request {
    const key = `a${++requests}`;
    const startsAt = new Date(Date.now() + 9 * 86_400_000 + requests * 60_000);
    const endsAt = new Date(startsAt.getTime() + 3_600_000);
    const title = `坝坝电影第${key}场`;
    return {
      path: '/api/v1/activities',
      key,
      body: { name: title, startsAt: startsAt.toISOString(), endsAt: endsAt.toISOString(), capacity: 5 },
      done({ id }) {
        ledger.kept.push({ what: 'activity', id, title });
        return null;
      },
    };
  }

  /** One piece of work after the other; what was not answered is asked for again, with the same key. */
  async function work(desk: string, make: () => Request, life: Life, stop: { asked: boolean }): Promise<void> {
    const url = await life.url.catch(() => null);
    while (url !== null && life.alive()) {
      const request = works.get(desk) ?? (stop.asked ? null : make());
      if (request === null) return;
      works.set(desk, request);
      // A notice is approved by a second person.
      const member = request.key.endsWith('-approve') ? 'M7' : desk;
      const answer = await signedIn(member, url)
        .then((client) => client.send('POST', request.path, request.body, { 'Idempotency-Key': request.key }))
        .catch(() => null);
      if (answer === null) {
        await pause(20);
        continue;
      }
      if (answer.status === 503) {
        // What it stands on is away: later.
        await pause(200);
        continue;
      }
      if (answer.status >= 300) {
        faults.push(`${request.path}: ${answer.status} ${answer.text}`);
        return;
      }
      const following = request.done(answer.body);
      if (following === null) works.delete(desk);
      else works.set(desk, following);
      await pause(random() * 60);
    }
  }

  return {
    async run(life, stop) {
      await Promise.all([
        ...people.map((one) => talk(one, life, stop)),
        work(signingIn[1], notice, life, stop),
        work(signingIn[0], activity, life, stop),
      ]);
    },
    again(id) {
      const message = ledger.sent.get(id);
      if (message !== undefined) message.given = false;
    },
    settle(id) {
      for (const one of people) {
        if (one.waiting?.id !== id) continue;
        close(ledger, one.waiting);
        one.waiting = null;
      }
    },
  };
}
