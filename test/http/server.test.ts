import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import type { Middleware } from 'koa';
import { describe, expect, it } from 'vitest';
import { buildHttp, type HttpBench } from '../support/http.ts';

const quick = { headersMs: 200, requestMs: 300, idleMs: 300, checkMs: 50 };

/** A raw connection that says something and then waits for its end; what it was told. */
async function raw(url: string, said: string): Promise<{ socket: Socket; told: Promise<string> }> {
  const { port, hostname } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  socket.on('error', () => undefined);
  const told = once(socket, 'close').then(() => text);
  socket.write(said);
  return { socket, told };
}

/** A page that answers when it is told to. */
function slowPage(): { page: Middleware; begun: Promise<void>; finish: () => void } {
  let [finish, begin] = [(): void => undefined, (): void => undefined];
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const page: Middleware = async (ctx, next) => {
    if (ctx.path !== '/slow') {
      await next();
      return;
    }
    begin();
    await finished;
    ctx.body = 'done';
  };
  return { page, begun, finish: () => finish() };
}

async function within<T>(bench: HttpBench, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } finally {
    await bench.close();
  }
}

describe('headers', () => {
  it('let nothing in from elsewhere', async () => {
    const bench = await buildHttp();
    await within(bench, async () => {
      const { headers } = await bench.client().get('/api/v1/openapi.json');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('strict-transport-security')).toBeNull();
    });
  });

  it('take a request’s id from the proxy alone', async () => {
    for (const trustProxy of [true, false]) {
      const bench = await buildHttp({ trustProxy });
      await within(bench, async () => {
        const { headers } = await bench.client().get('/healthz', { 'x-request-id': 'abc-1' });
        expect(headers.get('x-request-id') === 'abc-1').toBe(trustProxy);
      });
    }
  });
});

describe('limits', () => {
  it('refuse a body that is too large, announced or not', async () => {
    const bench = await buildHttp();
    await within(bench, async () => {
      const big = JSON.stringify({ name: 'a'.repeat(1_100_000), password: 'b' });
      const told = await bench.client().send('POST', '/api/v1/session', big);
      expect([told.status, told.body.code]).toEqual([413, 'http.too-large']);
      const chunk = `${(100_000).toString(16)}\r\n${'a'.repeat(100_000)}\r\n`;
      const { told: answer } = await raw(
        bench.url,
        `POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n${chunk.repeat(12)}0\r\n\r\n`,
      );
      expect(await answer).toContain('413');
    });
  });

  it('read nothing of a stranger’s large body', async () => {
    const bench = await buildHttp();
    await within(bench, async () => {
      const answer = await bench.client().send('PUT', '/api/v1/imports/village', 'x'.repeat(2_000_000));
      expect(answer.status).toBe(401);
      const officer = await bench.as('网格员');
      expect((await officer.send('PUT', '/api/v1/imports/village', 'x'.repeat(2_000_000))).status).toBe(403);
    });
  });

  it('cut off a client that sends its headers too slowly', async () => {
    const bench = await buildHttp({ limits: quick });
    await within(bench, async () => {
      const { told } = await raw(bench.url, 'GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ');
      expect(await told).toContain('408');
    });
  });

  it('cut off a client that sends its body too slowly', async () => {
    const bench = await buildHttp({ limits: quick });
    await within(bench, async () => {
      const head =
        'POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{';
      const { told } = await raw(bench.url, head);
      expect(await told).not.toContain('200');
    });
  });

  it('refuse headers without end', async () => {
    const bench = await buildHttp();
    await within(bench, async () => {
      const { told } = await raw(
        bench.url,
        `GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(40_000)}\r\n\r\n`,
      );
      expect(await told).toContain('431');
    });
  });

  it('bear what is no HTTP', async () => {
    const bench = await buildHttp();
    await within(bench, async () => {
      const { told } = await raw(bench.url, '\x16\x03\x01 hello\r\n\r\n');
      expect(await told).toContain('400');
      expect((await bench.client().get('/healthz')).status).toBe(200);
    });
  });
});

describe('a shutdown', () => {
  it('finishes what runs and takes nothing more', async () => {
    const { page, begun, finish } = slowPage();
    const bench = await buildHttp({ part: { pages: [page] } });
    const answer = bench.client().get('/slow');
    await begun;
    const closed = bench.http.close();
    await expect(fetch(`${bench.url}/healthz`)).rejects.toThrow('fetch failed');
    finish();
    expect((await answer).text).toBe('done');
    expect((await answer).headers.get('connection')).toBe('close');
    await closed;
    await bench.close();
  });

  it('doesn’t wait for connections on which nothing runs', async () => {
    const bench = await buildHttp();
    await bench.client().get('/healthz');
    await bench.http.close();
    await expect(fetch(`${bench.url}/healthz`)).rejects.toThrow('fetch failed');
    await bench.close();
  });

  it('cuts off after ten seconds what doesn’t end', async () => {
    const { page, begun, finish } = slowPage();
    const bench = await buildHttp({ part: { pages: [page] } });
    const answer = bench
      .client()
      .get('/slow')
      .then(
        () => 'answered',
        () => 'cut off',
      );
    await begun;
    const closed = bench.http.close();
    await bench.pass(1);
    expect(await answer).toBe('cut off');
    await closed;
    finish();
    await bench.close();
  });

  it('may be asked for twice', async () => {
    const bench = await buildHttp();
    await Promise.all([bench.http.close(), bench.http.close()]);
    await expect(bench.close()).resolves.toBeUndefined();
  });
});

describe('health', () => {
  it('names the part that can’t be reached', async () => {
    const bench = await buildHttp({
      part: {
        ready: {
          store: () => Promise.resolve(true),
          queue: () => Promise.reject(new Error('redis://user:secret@host')),
          channel: () => Promise.resolve(false),
        },
      },
    });
    await within(bench, async () => {
      const answer = await bench.client().get('/readyz');
      expect(answer.status).toBe(503);
      expect(answer.body).toEqual({ status: 'not ready', parts: { store: true, queue: false, channel: false } });
      expect((await bench.client().get('/healthz')).body).toEqual({ status: 'ok' });
    });
  });

  it('doesn’t wait for ever for a part', async () => {
    const bench = await buildHttp({ part: { ready: { store: () => new Promise(() => undefined) } } });
    await within(bench, async () => {
      const answer = bench.client().get('/readyz');
      await expect
        .poll(async () => (await bench.pass(1), bench.lines.some((line) => line.includes('/readyz'))))
        .toBe(true);
      expect((await answer).status).toBe(503);
    });
  });

  it('counts requests by pattern on another port, without names', async () => {
    const bench = await buildHttp();
    await within(bench, async () => {
      const client = await bench.as('村支书');
      await client.get('/api/v1/members/M1?secret=王大明');
      await client.get('/api/v1/王大明');
      const text = await (await fetch(`${bench.metricsUrl}/metrics`)).text();
      expect(text).toContain(
        'cunkou_http_requests_total{method="GET",route="/api/v1/members/{member}",status="422"} 1',
      );
      expect(text).toContain('cunkou_outbox_rows{state="unknown"} 0');
      expect(text).toContain('cunkou_inbox_rows{state="parked"} 0');
      expect(text).toContain('cunkou_queue_jobs{queue="reminders.due",state="waiting"} 0');
      expect(text).toContain('process_cpu');
      expect(text).not.toMatch(/王大明|M1/);
      expect((await fetch(`${bench.metricsUrl}/`)).status).toBe(404);
      expect((await bench.client().get('/metrics')).status).toBe(404);
      expect(bench.lines.join('')).not.toMatch(/王大明|%E7|secret/);
    });
  });
});
