import type { Context, Middleware } from 'koa';
import type { Clock } from '../platform/clock.ts';
import { requestOf } from './requests.ts';

const patienceMs = 2_000;

/** `true` when the part answers so in time. */
export function answers(check: () => Promise<boolean>, clock: Clock): Promise<boolean> {
  return new Promise((resolve) => {
    const cancel = clock.at(new Date(clock.now().getTime() + patienceMs), () => resolve(false));
    const told = (fine: boolean): void => {
      cancel();
      resolve(fine);
    };
    check().then(told, () => told(false));
  });
}

/** What can be told within the time; a part that can't tells nothing. */
async function detailsOf({ details, clock }: Pick<Parameters<typeof health>[0], 'details' | 'clock'>): Promise<object> {
  const found: Record<string, object> = {};
  for (const [name, tell] of Object.entries(details ?? {})) {
    await answers(async () => {
      found[name] = await tell();
      return true;
    }, clock);
  }
  return Object.keys(found).length === 0 ? {} : { details: found };
}

/** /healthz: the process lives. /readyz: every part of it can be reached, each by its name. */
export function health(deps: {
  clock: Clock;
  ready: Readonly<Record<string, () => Promise<boolean>>>;
  details?: Readonly<Record<string, () => Promise<object>>> | undefined;
  closing: () => boolean;
}): Middleware {
  const tell = async (ctx: Context): Promise<void> => {
    requestOf(ctx).route = ctx.path;
    ctx.set('Cache-Control', 'no-store');
    if (ctx.path === '/healthz') {
      ctx.body = { status: 'ok' };
      return;
    }
    const parts = await Promise.all(
      Object.entries(deps.ready).map(async ([name, check]) => [name, await answers(check, deps.clock)] as const),
    );
    const ok = !deps.closing() && parts.every(([, fine]) => fine);
    ctx.status = ok ? 200 : 503;
    const status = ok ? 'ok' : deps.closing() ? 'closing' : 'not ready';
    ctx.body = { status, parts: Object.fromEntries(parts), ...(await detailsOf(deps)) };
  };
  return (ctx, next) => {
    const asked = ['GET', 'HEAD'].includes(ctx.method) && ['/healthz', '/readyz'].includes(ctx.path);
    return asked ? tell(ctx) : next();
  };
}
