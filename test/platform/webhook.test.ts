import { createServer, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { alarmBody, createWebhook, type Alarm } from '../../src/platform/webhook.ts';

const alarm: Alarm = {
  id: 'wechat:2026-03-18T02:00:00.000Z',
  event: 'wechat.outage',
  text: '微信没有连上。',
  since: new Date('2026-03-18T02:00:00Z'),
};

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A place that takes alarms, or not; what it was sent. */
async function place(
  status: number,
  answer: string,
): Promise<{ url: string; taken: { type: string; body: unknown }[] }> {
  const taken: { type: string; body: unknown }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      taken.push({ type: request.headers['content-type'] ?? '', body: JSON.parse(body) });
      response.writeHead(status, status === 302 ? { location: 'http://127.0.0.1:1/' } : {}).end(answer);
    });
  });
  servers.push(server);
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle));
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/hook?key=secret`, taken };
}

describe('an alarm', () => {
  it('goes to any address as facts', async () => {
    const { url, taken } = await place(200, 'ok');
    await createWebhook(url)(alarm);
    expect(taken).toEqual([
      {
        type: 'application/json; charset=utf-8',
        body: { id: alarm.id, event: 'wechat.outage', text: alarm.text, since: '2026-03-18T02:00:00.000Z' },
      },
    ]);
  });

  it.each([
    'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k',
    'https://oapi.dingtalk.com/robot/send?access_token=k',
  ])('goes to the robot of %s as a text', (url) => {
    expect(alarmBody(url, alarm)).toEqual({ msgtype: 'text', text: { content: alarm.text } });
  });

  it.each([
    [500, ''],
    [302, ''],
    [200, '{"errcode":310000,"errmsg":"keywords not in content"}'],
  ])('that is answered with %i %s was not taken, and the fault does not tell the address', async (status, answer) => {
    const { url } = await place(status, answer);
    const fault: unknown = await createWebhook(url)(alarm).catch((each: unknown) => each);
    expect(fault).toBeInstanceOf(Error);
    expect(String(fault) + String((fault as Error).cause)).not.toContain('secret');
  });

  it('that reaches nobody was not taken', async () => {
    await expect(createWebhook('http://127.0.0.1:1/?key=secret')(alarm)).rejects.toThrow(/can't be reached/);
  });
});
