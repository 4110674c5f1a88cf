import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { may, systemActor, village, type Action, type Actor, type Role } from '../../src/shared/access.ts';
import { buildHttp, staffOf, type Answer, type Client, type HttpBench, type StaffRole } from '../support/http.ts';

/** What each action of the table is tried with, in a grid; a fresh subject for each try. */
type Try = (bench: HttpBench, client: Client, grid: '一组' | '二组', name: string) => Promise<Answer>;

const villagerOf = { 一组: 'M1', 二组: 'M3' } as const;
const soon = (hours: number): string => new Date(Date.UTC(2026, 2, 21, hours)).toISOString();

async function reportIn(bench: HttpBench, grid: '一组' | '二组', from: string, conduct: boolean): Promise<number> {
  const person = villagerOf[grid];
  const reading = {
    category: conduct ? '干部作风' : '水电通信',
    place: null,
    things: [],
    home: false,
    about: [],
  } as const;
  const filed = await bench.feedback.file({
    from,
    person,
    member: person,
    room: null,
    grid,
    text: '路灯坏了',
    reading,
  });
  return filed.report.number;
}

const tries: Readonly<Partial<Record<Action, Try>>> = {
  'notice.write': (_bench, client, grid) =>
    client.send('POST', '/api/v1/notices', { kind: 'normal', title: '停水', text: '请存水', rooms: [grid] }),
  'notice.urgent': (_bench, client, grid) =>
    client.send('POST', '/api/v1/notices', {
      kind: 'urgent',
      title: '暴雨',
      text: '请回家',
      rooms: [grid],
      submit: true,
    }),
  'notice.approve': async (bench, client, grid, key) => {
    const input = { key, kind: 'normal', title: '停水', text: '请存水', rooms: [grid] } as const;
    const { _id, version } = await bench.notices.send(systemActor, input);
    return client.send('POST', `/api/v1/notices/${_id}/approve`, { version });
  },
  'feedback.handle': async (bench, client, grid, name) => {
    const number = await reportIn(bench, grid, name, false);
    return client.send('POST', `/api/v1/feedback/${number}/steps`, { do: 'progress', note: '在修' });
  },
  'activity.manage': async (bench, client, grid, name) => {
    const draft = { name, startsAt: new Date(soon(1)), endsAt: new Date(soon(3)), capacity: 5 };
    const owner: Actor = { member: 'L1', household: null, grants: [{ role: '网格长', scope: grid }] };
    const { _id } = await bench.activities.create(owner, draft);
    return client.send('POST', `/api/v1/activities/${_id}/reschedule`, { startsAt: soon(5) });
  },
  'phone.reveal': (_bench, client, grid) => client.send('POST', `/api/v1/members/${villagerOf[grid]}/phone`),
  'members.bind': (_bench, client, grid) => client.send('POST', `/api/v1/members/${villagerOf[grid]}/bind-codes`),
};

const forVillage: Readonly<Partial<Record<Action, Try>>> = {
  'feedback.conduct': async (bench, client, grid, name) => {
    const number = await reportIn(bench, grid, name, true);
    return client.send('POST', `/api/v1/feedback/${number}/steps`, { do: 'progress', note: '在问' });
  },
  admin: (_bench, client) => client.send('POST', '/api/v1/members/M1/grants', { role: '党员', scope: village }),
};

const people = [...(Object.keys(staffOf) as StaffRole[]), '村民'] as const;

function actorOf(who: StaffRole | '村民'): Actor {
  if (who === '村民') return { member: 'M1', household: 'H1', grants: [] };
  const [member, scope] = staffOf[who];
  return { member, household: null, grants: [{ role: who satisfies Role, scope }] };
}

describe('the table of roles and actions holds for every request', () => {
  let bench: HttpBench;
  const clients = new Map<string, Client>();
  beforeAll(async () => {
    bench = await buildHttp();
    for (const who of people) clients.set(who, await bench.as(who));
  });
  afterAll(() => bench.close());

  const cases = people.flatMap((who) => [
    ...Object.entries(tries).flatMap(([action, attempt]) =>
      (['一组', '二组'] as const).map((grid) => ({
        who,
        action: action as Action,
        scope: grid as string,
        grid,
        attempt,
      })),
    ),
    ...Object.entries(forVillage).map(([action, attempt]) => ({
      who,
      action: action as Action,
      scope: village as string,
      grid: '一组' as const,
      attempt,
    })),
  ]);

  it.each(cases)('$who: $action in $scope', async ({ who, action, scope, grid, attempt }) => {
    const client = clients.get(who);
    if (client === undefined) throw new Error('nobody');
    const answer = await attempt(bench, client, grid, `${who}-${action}-${scope}`.replaceAll('.', '-'));
    if (may(actorOf(who), action, scope)) expect(answer.status).toBeLessThan(300);
    // Of a report that may not be seen nothing is told, not even that it may not be seen.
    else expect(answer.status).toBe(action.startsWith('feedback') ? 404 : 403);
  });
});

describe('every operation', () => {
  it('but those for signing in refuses who isn’t signed in', async () => {
    const bench = await buildHttp();
    const { paths } = bench.http.document() as { paths: Record<string, Record<string, { security: unknown[] }>> };
    const open: string[] = [];
    for (const [path, operations] of Object.entries(paths)) {
      for (const [method, { security }] of Object.entries(operations)) {
        if (security.length === 0) {
          open.push(`${method} ${path}`);
          continue;
        }
        const answer = await bench.client().send(method.toUpperCase(), path.replaceAll(/\{\w+\}/g, 'x'));
        expect([path, method, answer.status]).toEqual([path, method, 401]);
      }
    }
    expect(open.toSorted()).toEqual(['get /api/v1/openapi.json', 'post /api/v1/session', 'post /api/v1/setup']);
    await bench.close();
  });

  it('shows a villager without a role nothing about others', async () => {
    const bench = await buildHttp();
    const client = await bench.as('村民');
    const { paths } = bench.http.document() as { paths: Record<string, Record<string, unknown>> };
    for (const path of Object.keys(paths).filter((one) => paths[one]?.['get'] !== undefined)) {
      if (/openapi|\/me$/.test(path)) continue;
      const answer = await client.get(path.replaceAll('{member}', 'M3').replaceAll(/\{\w+\}/g, '1'));
      // One's own reports are the exception: an empty list.
      if (path === '/api/v1/feedback') expect(answer.body).toEqual({ items: [], next: null });
      else expect([path, [403, 404].includes(answer.status)]).toEqual([path, true]);
    }
    await bench.close();
  });
});
