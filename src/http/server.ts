import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp } from './app.ts';
import type { Http, HttpDeps, HttpLimits } from './http.port.ts';
import { createMetrics, type Metrics } from './metrics.ts';

const usual: HttpLimits = { headersMs: 10_000, requestMs: 60_000, idleMs: 60_000, checkMs: 1_000, closeMs: 5_000 };
const mostConnections = 1_000;

function listen(server: Server, port: number, host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host }, () => {
      server.off('error', reject);
      const { address, port: taken, family } = server.address() as AddressInfo;
      resolve(`http://${family === 'IPv6' ? `[${address}]` : address}:${taken}`);
    });
  });
}

function metricsServer(metrics: Metrics, onFault: (fault: unknown) => void): Server {
  return createServer({ requestTimeout: 5_000, headersTimeout: 5_000 }, (request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    metrics.scrape().then(
      ({ type, text }) => response.writeHead(200, { 'Content-Type': type }).end(text),
      (fault: unknown) => {
        onFault(fault);
        response.writeHead(500).end();
      },
    );
  });
}

/** The HTTP service of a village. `version` stands in the OpenAPI document. */
export function createHttp(deps: HttpDeps, version = '0.1.0'): Http {
  const { clock, log, options } = deps;
  const limits: HttpLimits = { ...usual, ...options.limits };
  const metrics = createMetrics(deps);
  let closing = false;
  const app = createApp(deps, metrics, version, () => closing);
  const answer = app.koa.callback();
  const server = createServer(
    {
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: limits.checkMs,
      keepAliveTimeout: 5_000,
    },
    (request, response) => void answer(request, response),
  );
  server.timeout = limits.idleMs;
  server.maxConnections = mostConnections;
  const side = options.metricsPort === null ? null : metricsServer(metrics, (fault) => log.fault('metrics', fault));

  async function stop(one: Server): Promise<void> {
    if (!one.listening) return;
    const closed = new Promise<void>((resolve) => one.close(() => resolve()));
    const enough = clock.at(new Date(clock.now().getTime() + limits.closeMs), () => one.closeAllConnections());
    await closed;
    enough();
  }

  return {
    document: app.document,
    async start() {
      const url = await listen(server, options.port, options.host);
      try {
        const metricsUrl = side === null ? null : await listen(side, options.metricsPort ?? 0, options.host);
        log.info('http.listening', { url, metricsUrl });
        return { url, metricsUrl };
      } catch (fault) {
        await stop(server);
        throw fault;
      }
    },
    async close() {
      closing = true;
      await Promise.all([stop(server), ...(side === null ? [] : [stop(side)])]);
    },
  };
}
