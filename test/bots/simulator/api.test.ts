import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { getAs, listen, openSimulator } from '../../support/simulator.ts';
import type { Live, Reply, SimulatorBench } from '../../support/simulator.ts';

const api = '/simulator/api';
const pixel =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
let bench: SimulatorBench;
const streams: Live[] = [];

beforeEach(async () => {
  bench = await openSimulator();
});
afterEach(async () => {
  for (const stream of streams.splice(0)) stream.close();
  await bench.close();
  if (bench.faults.length > 0) throw new Error('background work failed', { cause: bench.faults[0] });
});

const write = (body: object) => bench.post(`${api}/messages`, { from: 'M1', room: '三组', ...body });
const textsOf = ({ body }: Reply): string[] => body.replies.map(({ text }) => text);
async function live(query = '', headers: Record<string, string> = {}): Promise<Live> {
  const stream = await listen(`${bench.url}/api/events${query}`, headers);
  streams.push(stream);
  return stream;
}

describe('writing', () => {
  it('answers with what the bot said once it is quiet', async () => {
    const answer = await write({ room: null, text: '菜单' });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      id: expect.stringMatching(/^w\d+$/),
      replies: [{ chat: 'direct:M1', from: null, kind: 'text', text: expect.stringContaining('我是小溪') }],
    });
  });

  it('answers with nothing where the bot keeps silent', async () => {
    expect((await write({ text: '今天赶场人多得很' })).body.replies).toEqual([]);
  });

  it('takes the contact as well as the member, and a mention as well as its text', async () => {
    const answer = await write({ from: 'wx-M2', text: '今天赶场人多得很', mention: true });
    expect(answer.body.replies).toMatchObject([{ chat: '三组', mentions: ['M2'] }]);
  });

  it('gives each of two at once its own answer', async () => {
    const [menu, list] = await Promise.all([
      write({ room: null, text: '菜单' }),
      write({ from: 'M2', room: null, text: '活动' }),
    ]);
    expect(menu.body.replies).toMatchObject([{ chat: 'direct:M1' }]);
    expect(list.body.replies).toMatchObject([{ chat: 'direct:M2', text: expect.stringContaining('桂花园除草') }]);
  });

  it('sends a picture after its text, and shows it', async () => {
    await write({ text: '反馈 三组坎下那盏路灯不亮了' });
    const answer = await write({ text: '看嘛', image: pixel });
    expect(textsOf(answer).join()).toContain('照片');
    const { messages } = (await bench.get(`${api}/chats/三组`)).body;
    expect(messages.map(({ kind }) => kind)).toEqual(['text', 'text', 'text', 'image', 'text']);
    const shown = await bench.get(`${api}/pictures/${messages[3]?.picture}`);
    expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'image/png']);
    expect((await bench.get(`${api}/state`)).body.tickets).toMatchObject([{ ticket: 'FK0001', photos: 1 }]);
    expect((await bench.get(`${api}/pictures/nothing.png`)).status).toBe(404);
  });

  it('takes a picture by its name alone', async () => {
    await write({ text: '反馈 三组坎下那盏路灯不亮了' });
    expect(textsOf(await write({ image: 'ludeng.jpg' })).join()).toContain('照片');
  });

  it('sends voice, which the bot can not hear', async () => {
    expect(textsOf(await write({ room: null, voice: 'yuyin.mp3' })).join()).toContain('听不了语音');
  });

  it('takes back an own message, once', async () => {
    const { id } = (await write({ text: '报名 桂花园除草' })).body;
    expect((await write({ from: 'M2', recalls: id })).body.code).toBe('simulator.message-unknown');
    expect((await write({ room: null, recalls: id })).body.code).toBe('simulator.message-unknown');
    expect(textsOf(await write({ recalls: id })).join()).toContain('撤销');
    expect(textsOf(await write({ text: '是' }))).toHaveLength(1);
    expect((await write({ recalls: id })).body.code).toBe('simulator.recalled');
    expect((await bench.get(`${api}/state`)).body.signUps[0]?.confirmed).toBe(0);
  });

  it.each([
    [{ from: 'M9' }, 404, 'simulator.person-unknown'],
    [{ room: '九组' }, 404, 'simulator.room-unknown'],
    [{ room: '四组' }, 422, 'simulator.not-in-room'],
    [{ recalls: 'nothing', text: '' }, 404, 'simulator.message-unknown'],
    [{ image: 'data:image/png;base64,aGFsbG8=', text: '' }, 400, 'upload.not-image'],
  ])('refuses %j', async (wrong, status, code) => {
    const answer = await write({ text: '菜单', ...wrong });
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body.title).toMatch(/。$/);
    expect((await bench.get(`${api}/chats/三组`)).body.messages).toEqual([]);
  });

  it.each([
    [{}, 'body'],
    [{ text: '  ' }, 'body'],
    [{ text: 7 }, 'body.text'],
    [{ text: 'x', from: '' }, 'body.from'],
    [{ text: 'x', room: 3 }, 'body.room'],
    [{ text: 'x', mention: 'yes' }, 'body.mention'],
    [{ text: 'x', to: 'M2' }, 'body.to'],
    [{ image: 'a/b.png' }, 'body.image'],
    [{ image: 'data:text/html;base64,aGFsbG8=' }, 'body.image'],
    [{ image: pixel, voice: 'a.mp3' }, 'body'],
    [{ recalls: 'w1', text: 'x' }, 'body'],
    [{ text: 'x'.repeat(20_001) }, 'body.text'],
  ])('names what is wrong in %j', async (wrong, at) => {
    const answer = await write(wrong);
    expect([answer.status, answer.body.code]).toEqual([422, 'http.wrong-input']);
    expect(answer.body.errors.map((each) => each.at)).toContain(at);
  });

  it('refuses what is not JSON, and what is too large', async () => {
    expect((await bench.post(`${api}/messages`, '{')).status).toBe(400);
    expect((await bench.post(`${api}/messages`, 'text=x', { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await write({ text: 'x'.repeat(1_500_000) })).status).toBe(413);
  });
});

describe('the state', () => {
  it('tells who is who, and what is signed up, reported, planned and said', async () => {
    await write({ text: '报名 桂花园除草' });
    await write({ from: 'M2', text: '反馈 三组坎下那盏路灯不亮了' });
    const { body } = await bench.get(`${api}/state`);
    expect(body).toMatchObject({
      bot: '小溪',
      first: { from: 'M1', room: '三组' },
      clock: { now: '2026-03-18T01:30:00.000Z', day: expect.stringContaining('3月18日(周三'), playing: false },
      rooms: [{ id: '三组', topic: '三组村民群', members: ['M1', 'M2', 'M3'] }, { id: '四组' }],
      signUps: [
        { activity: { id: 'A1' }, capacity: 15, confirmed: 1, people: [{ member: 'M1', status: 'confirmed' }] },
      ],
      tickets: [{ ticket: 'FK0001', by: { id: 'M2', name: '李芳' }, handler: { id: 'M3', name: '吴玉' } }],
      reminders: [
        { kind: 'T-1d', due: { at: '2026-03-20T10:00:00.000Z' }, to: [{ id: 'M1', name: '王大明' }] },
        { kind: 'T-2h' },
      ],
    });
    expect(body.people).toHaveLength(4);
    expect(body.people[2]).toMatchObject({
      id: 'M3',
      contact: 'wx-M3',
      roles: ['网格员'],
      bound: true,
      rooms: ['三组'],
    });
    expect(body.outbox.said.length).toBeGreaterThanOrEqual(2);
  });
});

describe('the clock', () => {
  const move = (to: unknown) => bench.post(`${api}/clock`, { to });

  it('lets reminders fire at their own time', async () => {
    await write({ text: '报名 桂花园除草' });
    const answer = await move('2026-03-21T08:00:00+08:00');
    expect(answer.body.now).toBe('2026-03-21T00:00:00.000Z');
    expect(answer.body.said.map(({ at }) => at)).toEqual(['2026-03-20T10:00:00.000Z', '2026-03-20T23:00:00.000Z']);
    expect((await bench.get(`${api}/state`)).body).toMatchObject({
      clock: { now: '2026-03-21T00:00:00.000Z' },
      reminders: [],
    });
  });

  it('looks after limits that pass meanwhile', async () => {
    await write({ from: 'M3', room: null, text: '菜单' });
    await write({ from: 'M2', room: null, text: '反馈 三组坎下那盏路灯不亮了' });
    const answer = await move('2026-03-24T12:00:00+08:00');
    expect(answer.body.said).toContainEqual(expect.objectContaining({ chat: 'direct:M3' }));
  });

  it('does not go backwards, nor a year at once', async () => {
    expect((await move('2026-03-18T09:29:59+08:00')).body.code).toBe('simulator.clock-backwards');
    expect((await move('2027-03-18T09:30:00+08:00')).body.code).toBe('simulator.clock-too-far');
    expect(bench.clock.now().toISOString()).toBe('2026-03-18T01:30:00.000Z');
  });

  it('stays as it is when asked for the present', async () => {
    expect((await move('2026-03-18T09:30:00+08:00')).body).toEqual({ now: '2026-03-18T01:30:00.000Z', said: [] });
  });

  it.each(['tomorrow', '2026-03-21 08:00', '2026-03-21T08:00:00', 1_800_000_000_000, null])(
    'does not understand %j',
    async (to) => {
      expect((await move(to)).status).toBe(422);
    },
  );

  it('belongs to the script while one is played; words pass', async () => {
    bench.play(true);
    expect((await move('2026-03-21T08:00:00+08:00')).body.code).toBe('simulator.playing');
    expect((await write({ room: null, text: '菜单' })).status).toBe(200);
    bench.play(false);
    expect((await move('2026-03-21T08:00:00+08:00')).status).toBe(200);
  });
});

describe('a chat', () => {
  it('is told page by page', async () => {
    for (const text of ['早', '吃了没', '赶场去']) await write({ text });
    const last = (await bench.get(`${api}/chats/三组?limit=2`)).body.messages;
    expect(last.map(({ text }) => text)).toEqual(['吃了没', '赶场去']);
    const before = (await bench.get(`${api}/chats/三组?limit=2&before=${last[0]?.seq}`)).body.messages;
    expect(before).toMatchObject([{ from: 'M1', text: '早', at: '2026-03-18T01:30:00.000Z' }]);
  });

  it('must be there', async () => {
    expect((await bench.get(`${api}/chats/direct:M2`)).body).toEqual({ chat: 'direct:M2', messages: [] });
    expect((await bench.get(`${api}/chats/direct:M9`)).body.code).toBe('simulator.chat-unknown');
    expect((await bench.get(`${api}/chats/三组?limit=0`)).status).toBe(422);
  });
});

describe('live events', () => {
  it('tell everything in every chat, and that the clock was moved', async () => {
    const stream = await live();
    await write({ text: '早' });
    await write({ from: 'M2', room: null, text: '菜单' });
    await bench.post(`${api}/clock`, { to: '2026-03-18T10:00:00+08:00' });
    const events = await stream.until(4);
    expect(events.map(({ event, id }) => [event, id])).toEqual([
      ['message', 1],
      ['message', 2],
      ['message', 3],
      ['clock', null],
    ]);
    expect(events.map(({ data }) => data.chat ?? data['now'])).toEqual([
      '三组',
      'direct:M2',
      'direct:M2',
      '2026-03-18T02:00:00.000Z',
    ]);
  });

  it('resume where a broken connection left off', async () => {
    const first = await live();
    await write({ text: '早' });
    const [seen] = await first.until(1);
    first.close();
    await write({ text: '吃了没' });
    const second = await live('?after=0', { 'last-event-id': String(seen?.id) });
    await write({ text: '赶场去' });
    expect((await second.until(2)).map(({ data }) => data.text)).toEqual(['吃了没', '赶场去']);
  });

  it('begin anew for whoever has seen what is not known here', async () => {
    await write({ text: '早' });
    const stream = await live('', { 'last-event-id': '900' });
    expect((await stream.until(2)).map(({ event }) => event)).toEqual(['reset', 'message']);
  });

  it('begin anew for whoever was away too long', async () => {
    await bench.close();
    bench = await openSimulator({ most: 2 });
    for (const text of ['早', '吃了没', '赶场去', '回来了']) await write({ text });
    const stream = await live('', { 'last-event-id': '1' });
    expect((await stream.until(3)).map(({ event, id }) => [event, id])).toEqual([
      ['reset', null],
      ['message', 3],
      ['message', 4],
    ]);
  });

  it('do not keep the service from stopping', async () => {
    const stream = await live();
    await bench.close();
    await expect(stream.ended).resolves.toBeUndefined();
    bench = await openSimulator();
  });

  it('refuse a number that is none', async () => {
    expect((await bench.get(`${api}/events?after=x`)).status).toBe(422);
    expect((await bench.get(`${api}/events`, { 'last-event-id': 'x' })).status).toBe(400);
  });
});

describe('the door', () => {
  it('is shut to pages of other sites', async () => {
    const menu = { from: 'M1', room: null, text: '菜单' };
    for (const headers of [{ origin: 'http://evil.example' }, { 'sec-fetch-site': 'cross-site' }, { origin: 'null' }]) {
      const answer = await bench.post(`${api}/messages`, menu, headers);
      expect([answer.status, answer.body.code]).toEqual([403, 'http.origin']);
    }
    const seen = await bench.get(`${api}/state`, { origin: 'http://evil.example' });
    expect(seen.headers.get('access-control-allow-origin')).toBeNull();
    expect((await bench.post(`${api}/messages`, menu, { origin: new URL(bench.url).origin })).status).toBe(200);
  });

  it('is shut to foreign names that point here', async () => {
    const { port } = new URL(bench.url);
    expect(await getAs(`${bench.url}/api/state`, `evil.example:${port}`)).toBe(403);
    expect(await getAs(bench.url, `evil.example:${port}`)).toBe(403);
    expect(await getAs(bench.url, `localhost:${port}`)).toBe(200);
  });

  it('answers an unknown address and a wrong method with problems', async () => {
    expect((await bench.get(`${api}/nothing`)).body.code).toBe('http.not-found');
    expect((await bench.get('/simulator/nothing.js')).body.code).toBe('http.not-found');
    const wrong = await bench.get(`${api}/messages`);
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST']);
    expect((await bench.post('/simulator', {})).status).toBe(405);
  });

  it('leaves the rest of the service as it is', async () => {
    expect((await bench.get('/healthz')).body).toEqual({ status: 'ok' });
    expect((await bench.get('/api/v1/members')).status).toBe(401);
  });

  it('gives the page without anything inline or from elsewhere', async () => {
    const page = await bench.get('/');
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(page.headers.get('content-security-policy')).not.toContain('unsafe');
    expect(page.text).not.toMatch(/<script>|<style| style=| on\w+=|https?:\/\//);
  });
});
