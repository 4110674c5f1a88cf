import { compose, collections, type Services } from '../../src/compose.ts';
import { createHttp, type Http, type HttpDeps, type HttpLimits } from '../../src/http/index.ts';
import { createFakeClock, type FakeClock } from '../../src/platform/clock.ts';
import { createSerialIds } from '../../src/platform/ids.ts';
import { createLog } from '../../src/platform/log.ts';
import { createInProcessQueue } from '../../src/platform/queue/in-process.ts';
import { openMemoryStore } from '../../src/platform/store/embedded.ts';
import type { Store } from '../../src/platform/store/port.ts';
import { createMemoryUploads, type Uploads } from '../../src/platform/uploads.ts';
import { createWork, type Work } from '../../src/platform/work.ts';
import { createStaff, staffCollections, type Staff } from '../../src/staff/index.ts';
import { systemActor, village, type Role } from '../../src/shared/access.ts';
import { signUpSheet } from '../../templates/activities.sheet.ts';
import { sentence } from '../../templates/faults.ts';
import { fault as importFault } from '../../templates/registry.ts';
import { testKeys } from './members.ts';
import { cheap, password } from './staff.ts';

export { password };

export const morning = new Date('2026-03-18T09:30:00+08:00');
/** Staff by role; each lives in a household of its own. W1 and L1 are for 一组, the others for the village. */
export const staffOf = {
  网格员: ['W1', '一组'],
  网格长: ['L1', '一组'],
  妇女主任: ['F1', village],
  村主任: ['Z1', village],
  村支书: ['S1', village],
  社工: ['G1', village],
  监督委员: ['J1', village],
  管理员: ['A1', village],
} as const satisfies Partial<Record<Role, readonly [string, string]>>;
export type StaffRole = keyof typeof staffOf;

export interface HttpBench extends Services {
  readonly url: string;
  readonly metricsUrl: string;
  readonly http: Http;
  readonly clock: FakeClock;
  readonly store: Store;
  readonly work: Work;
  readonly staff: Staff;
  readonly uploads: Uploads;
  /** Lines of the log. */
  readonly lines: string[];
  readonly faults: unknown[];
  client(): Client;
  /** Signed in with that role, or as that member. */
  as(role: StaffRole | '村民'): Promise<Client>;
  pass(minutes: number): Promise<void>;
  close(): Promise<void>;
}

/** Something in a list: what tests look into. */
export interface Item {
  readonly id: string;
  readonly key: string;
  readonly row: string;
  readonly name: string;
  readonly what: string;
  readonly at: string;
  readonly text: string | null;
  readonly number: number;
}

/** What tests look into of answers: each has some of it. */
export interface Told extends Item {
  readonly code: string;
  readonly title: string;
  readonly request: string;
  readonly csrf: string;
  readonly state: string;
  readonly status: string | number;
  readonly kind: string;
  readonly version: number;
  readonly dryRun: boolean;
  readonly next: string | null;
  readonly items: readonly Item[];
  readonly rows: readonly Item[];
  readonly errors: readonly Item[];
  readonly history: readonly Item[];
  readonly counts: { readonly members: { readonly added: number } };
  readonly may: Readonly<Record<string, readonly string[]>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The JSON of the body; of one without any nothing can be read. */
  readonly body: Told;
}

/** A browser of one person: keeps cookies and shows the token. */
export interface Client {
  readonly cookies: Map<string, string>;
  csrf: string | null;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  signIn(name: string, word?: string): Promise<Answer>;
}

export function createClient(url: string): Client {
  const client: Client = {
    cookies: new Map(),
    csrf: null,
    get: (path, headers = {}) => ask('GET', path, undefined, headers),
    send: (method, path, body, headers = {}) => ask(method, path, body, headers),
    async signIn(name, word = password) {
      const answer = await ask('POST', '/api/v1/session', { name, password: word }, {});
      if (answer.status === 201) client.csrf = answer.body.csrf;
      return answer;
    },
  };
  async function ask(method: string, path: string, body: unknown, headers: Record<string, string>): Promise<Answer> {
    const cookie = [...client.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const sent = await fetch(`${url}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(cookie === '' ? {} : { cookie }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(client.csrf === null || method === 'GET' ? {} : { 'x-csrf-token': client.csrf }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    for (const line of sent.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') client.cookies.delete(name);
      else client.cookies.set(name, value);
    }
    const text = await sent.text();
    const json = /json/.test(sent.headers.get('content-type') ?? '') && text !== '';
    return { status: sent.status, headers: sent.headers, text, body: (json ? JSON.parse(text) : {}) as Told };
  }
  return client;
}

/** A village of two groups with its staff, served on a free port of loopback. */
export async function buildHttp(
  options: { limits?: Partial<HttpLimits>; part?: Partial<HttpDeps>; secure?: boolean; trustProxy?: boolean } = {},
): Promise<HttpBench> {
  const clock = createFakeClock(morning);
  const ids = createSerialIds();
  const store = openMemoryStore([...new Set([...collections, ...staffCollections])]);
  const faults: unknown[] = [];
  const onFault = (_name: string, fault: unknown): void => void faults.push(fault);
  const work = createWork(onFault);
  const queue = createInProcessQueue({ clock, work });
  const services = compose({ store, queue, clock, ids, work, keys: testKeys, onFault }, () => Promise.resolve());
  const staff = createStaff({ store, clock, members: services.members, grid: services.grid, cost: cheap });
  const uploads = createMemoryUploads();
  const lines: string[] = [];
  const log = createLog({ level: 'debug', destination: { write: (line: string) => void lines.push(line) } });
  await settle(services);
  const http = createHttp({
    ...services,
    staff,
    uploads,
    clock,
    ids,
    log,
    words: { sentence, importFault, rosterPage: signUpSheet },
    options: {
      host: '127.0.0.1',
      port: 0,
      metricsPort: 0,
      cookieSecure: options.secure ?? false,
      trustProxy: options.trustProxy ?? false,
      ...(options.limits === undefined ? {} : { limits: options.limits }),
    },
    ready: {
      store: async () => {
        await services.grid.village();
        return true;
      },
    },
    queues: { queue, names: ['reminders.due'] },
    ...options.part,
  });
  const { url, metricsUrl } = await http.start();

  async function account(member: string): Promise<string> {
    const name = member.toLowerCase();
    if ((await staff.account(name)) === null) {
      const { token } = await staff.invite(systemActor, member);
      await staff.accept({ token, name, password });
    }
    return name;
  }

  return {
    ...services,
    url,
    metricsUrl: metricsUrl ?? '',
    http,
    clock,
    store,
    work,
    staff,
    uploads,
    lines,
    faults,
    client: () => createClient(url),
    async as(role) {
      const client = createClient(url);
      const answer = await client.signIn(await account(role === '村民' ? 'M1' : staffOf[role][0]));
      if (answer.status !== 201) throw new Error(`sign-in: ${answer.text}`);
      return client;
    },
    pass: (minutes) => clock.advanceTo(new Date(clock.now().getTime() + minutes * 60_000), () => work.idle()),
    async close() {
      await http.close();
      await queue.close();
      await store.close();
    },
  };
}

const villagers = [
  ['M1', '王大明', 'H1', '一组', '户主'],
  ['M2', '李秀英', 'H1', '一组', '配偶'],
  ['M3', '张贵', 'H2', '二组', '户主'],
] as const;

async function settle({ grid, members }: Services): Promise<void> {
  const row = (id: string, parent: string | null) => ({ id, parent, households: null, dutyPhone: null });
  const room = (id: string) => ({ id, grid: id, topic: `${id}村民群`, management: false });
  await grid.intake.take({
    grids: [row('清溪村', null), row('一组', '清溪村'), row('二组', '清溪村')],
    rooms: [room('一组'), room('二组')],
    calendar: null,
  });
  const person = { sex: null, born: null, tags: [], phone: null } as const;
  const seal = (id: string) => members.intake.seal(id, '19900000001');
  await members.intake.take(
    [
      ...villagers.map(([id, name, household, home, relation]) => ({
        ...person,
        id,
        name,
        household,
        grid: home,
        relation,
        nickname: `${name}的微信`,
        phone: seal(id),
        grants: [],
      })),
      ...Object.entries(staffOf).map(([role, [id, scope]]) => ({
        ...person,
        id,
        name: `${role}甲`,
        household: `H-${id}`,
        grid: scope === village ? '二组' : scope,
        relation: '户主',
        nickname: `${role}甲`,
        grants: [{ role: role as Role, scope }],
      })),
    ],
    new Date(morning.getTime() - 1000),
  );
}
