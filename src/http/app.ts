import Koa from 'koa';
import helmet from 'helmet';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError } from '../shared/errors.ts';
import { createCookies, createGuard } from './guard.ts';
import { health } from './health.ts';
import type { HttpDeps } from './http.port.ts';
import type { Metrics } from './metrics.ts';
import { base, mountRoutes } from './mount.ts';
import { describe } from './openapi.ts';
import { setUpPage } from './pages/set-up.ts';
import { trackRequests } from './requests.ts';
import type { Route } from './route.ts';
import { documentRoute } from './routes/document.routes.ts';
import { allRoutes } from './routes/index.ts';

/** What helmet would set on each answer, asked once: nothing from elsewhere, nothing inline, in nobody's frame. */
function securityHeaders(tls: boolean): readonly (readonly [name: string, value: string])[] {
  const headers = new Map<string, string>();
  const answer = {
    setHeader: (name: string, value: string) => headers.set(name, value),
    removeHeader: (name: string) => headers.delete(name),
  };
  const set = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        connectSrc: ["'self'"],
        fontSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: tls ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    xFrameOptions: { action: 'deny' },
  });
  set({} as IncomingMessage, answer as unknown as ServerResponse, (fault?: unknown) => {
    if (fault !== undefined) throw new Error('helmet refused its options', { cause: fault });
  });
  return [...headers];
}

export interface App {
  readonly koa: Koa;
  readonly routes: readonly Route[];
  document(): object;
}

/** Everything between the socket and the services. */
export function createApp(deps: HttpDeps, metrics: Metrics, version: string, closing: () => boolean): App {
  const { options, log, ready, clock } = deps;
  const koa = new Koa();
  koa.proxy = options.trustProxy;
  // The proxy's own entry is the last one; what stands before it anybody can write.
  koa.maxIpsCount = 1;
  koa.silent = true;
  // What is left: a client that went away in the middle of an answer.
  koa.on('error', (fault: unknown) => log.fault('http.connection', fault));

  const cookies = createCookies(options);
  const cookieName = options.cookieSecure ? '__Host-cunkou' : 'cunkou';
  let document: object | undefined;
  const describeOnce = (): object => (document ??= describe(routes, version, cookieName));
  const routes: readonly Route[] = [...allRoutes(deps, cookies), documentRoute(describeOnce)];

  koa.use(trackRequests({ ...deps, metrics, trustProxy: options.trustProxy, closing }));
  const headers = securityHeaders(options.cookieSecure);
  const answer = mountRoutes(routes, { guard: createGuard({ ...deps, cookies }), options });
  koa.use((ctx, next) => {
    for (const [name, value] of headers) ctx.res.setHeader(name, value);
    // The interface first: what else there is has other paths.
    return ctx.path.startsWith(`${base}/`) ? answer(ctx) : next();
  });
  koa.use(health({ clock, ready, closing, details: deps.details }));
  koa.use(setUpPage);
  for (const page of deps.pages ?? []) koa.use(page);
  koa.use(() => {
    throw new AppError('http.not-found', 404);
  });
  return { koa, routes, document: describeOnce };
}
