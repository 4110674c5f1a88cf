import { bodyParser } from '@koa/bodyparser';
import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import { AppError } from '../shared/errors.ts';
import { checkOrigin } from './guard.ts';
import type { HttpOptions } from './http.port.ts';
import { WrongInput } from './problems.ts';
import { requestOf } from './requests.ts';
import type { Route, Signed } from './route.ts';

export const base = '/api/v1';

/** The pattern as the router wants it. */
const patternOf = (path: string): string => `${base}${path.replace(/\{(\w+)\}/g, ':$1')}`;

/** Reads JSON of one size at most. Errors: http.media-type 415, http.malformed 400, http.too-large 413. */
export function createReader(limit: number): (ctx: Context) => Promise<unknown> {
  const parse = bodyParser({
    enableTypes: ['json'],
    jsonLimit: limit,
    parsedMethods: ['POST', 'PUT', 'PATCH', 'DELETE'],
  });
  return async (ctx) => {
    if (ctx.is('application/json') === false || ctx.is('application/json') === null) {
      throw new AppError('http.media-type', 415);
    }
    // Packed bodies can grow beyond every limit.
    if (!['', 'identity'].includes(ctx.get('Content-Encoding'))) throw new AppError('http.media-type', 415);
    try {
      await parse(ctx, async () => undefined);
    } catch (cause) {
      const status = cause instanceof Error && 'status' in cause ? cause.status : 400;
      if (status === 413) throw new AppError('http.too-large', 413, { limit }, { cause });
      if (status === 415) throw new AppError('http.media-type', 415, {}, { cause });
      throw new AppError('http.malformed', 400, {}, { cause });
    }
    return ctx.request.body;
  };
}

function fromOf(ctx: Context, signed: Signed | null): string {
  const key = ctx.get('Idempotency-Key');
  if (key !== '' && !/^[\w-]{1,64}$/.test(key)) {
    throw new WrongInput('http.wrong-input', 422, [{ at: 'header.Idempotency-Key', reason: 'invalid_format' }]);
  }
  return `http:${signed?.member ?? ''}:${key === '' ? requestOf(ctx).id : key}`;
}

/** Turns a route into middleware: who asks, may they, what do they say, do it, answer. */
function serve(
  route: Route,
  deps: { guard: (ctx: Context) => Promise<Signed>; options: HttpOptions },
): (ctx: Context) => Promise<void> {
  const read = route.body === null ? null : createReader(route.limit);
  const types = route.files.length > 0 ? [...route.files] : ['application/json'];
  return async (ctx) => {
    requestOf(ctx).route = `${base}${route.path}`;
    checkOrigin(ctx, deps.options);
    const signed = route.open ? null : await deps.guard(ctx);
    if (ctx.accepts(...types, 'application/problem+json') === false) throw new AppError('http.not-acceptable', 406);
    if (signed !== null) route.demand?.(signed.actor);
    const body = await read?.(ctx);
    const params: unknown = ctx['params'];
    const query = { ...ctx.query };
    const reply = await route.run({ ctx, from: fromOf(ctx, signed), signed, params, query, body });
    ctx.status = reply.status;
    if (reply.file === null) {
      ctx.body = reply.body;
      return;
    }
    const { type, bytes, name, policy } = reply.file;
    if (name !== undefined) ctx.attachment(name);
    if (policy !== undefined) ctx.set('Content-Security-Policy', policy);
    ctx.type = type;
    ctx.body = typeof bytes === 'string' ? bytes : Buffer.from(bytes);
  };
}

/** The router with every route, and what answers when none fits: 405 with the methods that there are, or 404. */
export function mountRoutes(
  routes: readonly Route[],
  deps: { guard: (ctx: Context) => Promise<Signed>; options: HttpOptions },
): Middleware[] {
  const router = new Router();
  for (const route of routes) {
    const handle = serve(route, deps);
    router.register(patternOf(route.path), [route.method], (ctx: Context) => handle(ctx));
  }
  const noRoute: Middleware = (ctx) => {
    const matched = (ctx as { matched?: readonly { methods: readonly string[] }[] }).matched ?? [];
    const methods = [...new Set(matched.flatMap((layer) => layer.methods))];
    if (methods.length === 0) throw new AppError('http.not-found', 404);
    ctx.set('Allow', [...methods, 'OPTIONS'].join(', '));
    if (ctx.method !== 'OPTIONS') throw new AppError('http.method', 405);
    ctx.status = 204;
  };
  return [router.routes() as unknown as Middleware, noRoute];
}
