import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { phoneReveals } from '../../src/members/members.model.ts';
import { buildHttp, type HttpBench } from '../support/http.ts';

let bench: HttpBench;
beforeAll(async () => {
  bench = await buildHttp();
});
afterAll(() => bench.close());

describe('erasing', () => {
  it('is for admins alone', async () => {
    for (const role of ['村支书', '网格员', '社工', '监督委员'] as const) {
      const client = await bench.as(role);
      const asked = await client.send('POST', '/api/v1/members/M3/erasure', { member: 'M3', name: '张贵' });
      expect([role, asked.status]).toEqual([role, 403]);
      expect((await client.send('POST', '/api/v1/members/M3/copy')).status).toBe(403);
      expect((await client.get('/api/v1/erasures')).status).toBe(403);
    }
    expect(await bench.members.get('M3')).not.toBeNull();
  });

  it('wants the number and the full name once more, and else changes nothing', async () => {
    const client = await bench.as('管理员');
    for (const body of [
      { member: 'M3', name: '张' },
      { member: 'M1', name: '张贵' },
    ]) {
      const answer = await client.send('POST', '/api/v1/members/M3/erasure', body);
      expect([answer.status, answer.body.code]).toEqual([422, 'members.not-confirmed']);
    }
    expect((await client.send('POST', '/api/v1/members/M3/erasure')).status).toBe(415);
    expect((await client.send('POST', '/api/v1/members/M9/erasure', { member: 'M9', name: '谁' })).status).toBe(404);
    expect(await bench.members.erasures.of('M3')).toBeNull();
  });

  it('leaves the last admin', async () => {
    const client = await bench.as('管理员');
    const answer = await client.send('POST', '/api/v1/members/A1/erasure', { member: 'A1', name: '管理员甲' });
    expect([answer.status, answer.body.code]).toEqual([409, 'members.last-admin']);
  });

  it('gives a copy first: everything, with the number, and the look at it is recorded', async () => {
    const client = await bench.as('管理员');
    await bench.members.stop('M1', 'x');
    const { status, text } = await client.send('POST', '/api/v1/members/M1/copy');
    expect(status).toBe(200);
    const { kept } = JSON.parse(text) as { kept: Record<string, Record<string, unknown>> };
    expect(Object.keys(kept)).toEqual([...bench.members.erasures.keepers()]);
    expect(kept['members']?.['record']).toMatchObject({ name: '王大明', phone: '19900000001' });
    expect(kept['members']?.['optedOut']).toHaveLength(1);
    const looks = await bench.store.collection(phoneReveals).find({ member: 'M1' });
    expect(looks.map(({ by }) => by)).toEqual(['A1']);
    expect(bench.lines.join('')).not.toContain('19900000001');
  });

  it('signs the person out at once, and is done a minute later; asked for twice it is one', async () => {
    const client = await bench.as('管理员');
    const worker = await bench.as('网格员');
    const body = { member: 'W1', name: '网格员甲' };
    const asked = await client.send('POST', '/api/v1/members/W1/erasure', body);
    expect(asked).toMatchObject({ status: 201, body: { member: 'W1', by: 'A1', state: 'running', doneAt: null } });
    await bench.members.erasures.part('W1', 'staff');
    expect((await worker.get('/api/v1/members')).status).toBe(401);
    await bench.pass(2);
    await bench.members.erasures.finish('settled');
    const again = await client.send('POST', '/api/v1/members/W1/erasure', body);
    expect(again.body).toMatchObject({ ...asked.body, state: 'done', doneAt: expect.any(String) as string });
    expect((await client.get('/api/v1/erasures')).body.items).toMatchObject([{ member: 'W1', state: 'done' }]);
    expect((await client.get('/api/v1/members/W1')).status).toBe(404);
  });
});
