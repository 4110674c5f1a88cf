import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { deskStates, type MessageService } from '../messages/index.ts';
import type { HttpDeps } from './http.port.ts';

export interface Metrics {
  request(method: string, route: string, status: number, ms: number): void;
  /** The text that Prometheus reads, and its type. */
  scrape(): Promise<{ type: string; text: string }>;
}

/** Methods are anybody's words: only the usual ones become labels. */
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Counts, without anybody's words or names; labels have few values. */
export function createMetrics(deps: { messages: MessageService; queues: HttpDeps['queues'] }): Metrics {
  const { messages, queues } = deps;
  const register = new Registry();
  const registers = [register];
  collectDefaultMetrics({ register, prefix: 'cunkou_' });
  const requests = new Counter({
    name: 'cunkou_http_requests_total',
    help: 'Requests by route pattern',
    labelNames: ['method', 'route', 'status'],
    registers,
  });
  const durations = new Histogram({
    name: 'cunkou_http_request_seconds',
    help: 'Time to answer by route pattern',
    labelNames: ['route'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers,
  });
  new Gauge({
    name: 'cunkou_outbox_rows',
    help: 'What must be said, by state',
    labelNames: ['state'],
    registers,
    async collect() {
      // What is said and done grows for ever and isn't counted.
      for (const state of deskStates) this.set({ state }, await messages.desk.countOutbox(state));
    },
  });
  new Gauge({
    name: 'cunkou_inbox_rows',
    help: 'What came in and is not done, by state',
    labelNames: ['state'],
    registers,
    async collect() {
      for (const state of ['received', 'parked'] as const) this.set({ state }, await messages.desk.countInbox(state));
    },
  });
  new Gauge({
    name: 'cunkou_account_blocked',
    help: '1 while WeChat has stopped the account and nobody has lifted it',
    registers,
    async collect() {
      this.set((await messages.desk.blocked()) ? 1 : 0);
    },
  });
  new Gauge({
    name: 'cunkou_wechat_outage',
    help: '1 while the WeChat login has been away for three minutes or more',
    registers,
    async collect() {
      this.set((await messages.outages.state()).outage === null ? 0 : 1);
    },
  });
  new Gauge({
    name: 'cunkou_wechat_alive_timestamp_seconds',
    help: 'When the WeChat login was last seen alive; 0 before the first login',
    registers,
    async collect() {
      this.set(((await messages.outages.state()).aliveAt?.getTime() ?? 0) / 1000);
    },
  });
  new Gauge({
    name: 'cunkou_queue_jobs',
    help: 'Alarm clocks by queue and state',
    labelNames: ['queue', 'state'],
    registers,
    async collect() {
      for (const queue of queues.names) {
        for (const [state, count] of Object.entries(await queues.queue.counts(queue))) {
          this.set({ queue, state }, count as number);
        }
      }
    },
  });
  return {
    request(method, route, status, ms) {
      requests.inc({ method: methods.includes(method) ? method : 'other', route, status });
      durations.observe({ route }, ms / 1000);
    },
    scrape: async () => ({ type: register.contentType, text: await register.metrics() }),
  };
}
