import { bodyParser } from '@koa/bodyparser';
import type { Context } from 'koa';
import { parse } from 'node:querystring';
import { AppError } from '../shared/errors.ts';
import { checkOrigin } from './guard.ts';
import type { HttpOptions } from './http.port.ts';
import { createPaths } from './paths.ts';
import { WrongInput } from './problems.ts';
import { requestOf } from './requests.ts';
import type { Route, Signed } from './route.ts';

export const base = '/api/v1';

/** Reads JSON of one size at most. Errors: http.media-type 415, http.malformed 400, http.too-large 413. */
export function createReader(limit: number): (ctx: Context) => Promise<unknown> {
  const readBody = bodyParser({
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
      await readBody(ctx, async () => undefined);
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

type Handler = (ctx: Context, params: unknown) => Promise<void>;

/** Turns a route into what answers it: who asks, may they, what do they say, do it, answer. */
function serve(route: Route, deps: { guard: (ctx: Context) => Promise<Signed>; options: HttpOptions }): Handler {
  const read = route.body === null ? null : createReader(route.limit);
  const types = [...(route.files.length > 0 ? route.files : ['application/json']), 'application/problem+json'];
  return async (ctx, params) => {
    requestOf(ctx).route = `${base}${route.path}`;
    checkOrigin(ctx, deps.options);
    const signed = route.open ? null : await deps.guard(ctx);
    if (ctx.headers.accept !== undefined && ctx.accepts(...types) === false)
      throw new AppError('http.not-acceptable', 406);
    if (signed !== null) route.demand?.(signed.actor);
    const body = await read?.(ctx);
    const query = { ...parse(ctx.querystring) };
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

/** Every route below `base`, and what answers when none fits: 405 with the methods that there are, or 404. */
export function mountRoutes(
  routes: readonly Route[],
  deps: { guard: (ctx: Context) => Promise<Signed>; options: HttpOptions },
): (ctx: Context) => Promise<void> {
  const handlers = routes.map((route) => serve(route, deps));
  const find = createPaths<Handler | undefined>(routes, (index) => handlers[index]);
  return async (ctx) => {
    ctx.res.setHeader('Cache-Control', 'no-store');
    const found = find(ctx.path.slice(base.length));
    if (found === null) throw new AppError('http.not-found', 404);
    const handle = found.handlers.get(ctx.method);
    if (handle !== undefined) {
      await handle(ctx, found.params);
      return;
    }
    ctx.set('Allow', [...found.handlers.keys(), 'OPTIONS'].join(', '));
    if (ctx.method !== 'OPTIONS') throw new AppError('http.method', 405);
    ctx.status = 204;
  };
}
