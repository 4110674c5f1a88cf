import type { Context, Middleware } from 'koa';
import type { Clock } from '../platform/clock.ts';
import type { Ids } from '../platform/ids.ts';
import type { Log } from '../platform/log.ts';
import type { Metrics } from './metrics.ts';
import { answerProblem, asAppError } from './problems.ts';
import type { HttpWords } from './http.port.ts';

/** What is known of a request while it runs. */
export interface RequestScope {
  readonly id: string;
  /** Its route's pattern: paths and queries may hold names and are written nowhere. */
  route: string;
}

const scopes = new WeakMap<Context, RequestScope>();

export function requestOf(ctx: Context): RequestScope {
  const scope = scopes.get(ctx);
  if (scope === undefined) throw new TypeError('a request without its scope');
  return scope;
}

/** Names each request, answers its faults, counts it and writes one line. */
export function trackRequests(deps: {
  ids: Ids;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  words: HttpWords;
  trustProxy: boolean;
  closing: () => boolean;
}): Middleware {
  const { ids, clock, log, metrics } = deps;
  return async (ctx, next) => {
    const given = deps.trustProxy ? ctx.get('X-Request-Id') : '';
    const id = /^[\w-]{1,64}$/.test(given) ? given : ids.next();
    const scope: RequestScope = { id, route: 'none' };
    scopes.set(ctx, scope);
    ctx.res.setHeader('X-Request-Id', id);
    const began = clock.now().getTime();
    let code: string | null = null;
    try {
      await next();
    } catch (fault) {
      const known = asAppError(fault);
      ({ code } = known);
      if (known.status >= 500) log.fault('http.fault', fault, { request: id, route: scope.route });
      answerProblem(ctx, known, id, deps.words);
    }
    // A client that keeps its connection would hold up the shutdown.
    if (deps.closing()) ctx.set('Connection', 'close');
    const ms = clock.now().getTime() - began;
    const { method, status } = ctx;
    metrics.request(method, scope.route, status, ms);
    log.info('http.request', { request: id, method, route: scope.route, status, ms, code });
  };
}
