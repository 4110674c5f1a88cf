import { readFile } from 'node:fs/promises';
import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import { checkOrigin, createReader } from '../../src/http/index.ts';
import type { Clock, FakeClock } from '../../src/platform/clock.ts';
import type { Ids } from '../../src/platform/ids.ts';
import type { Uploads } from '../../src/platform/uploads.ts';
import type { Work } from '../../src/platform/work.ts';
import { AppError } from '../../src/shared/errors.ts';
import type { Simulator } from '../channels/simulator.ts';
import type { Cast, Chats } from './chats.ts';
import { createDesk, type Desk, type Lane } from './desk.ts';
import { createLiveEvents } from './events.ts';
import { bodyLimit, check, clockBody, eventsQuery, historyQuery, messageBody } from './schemas.ts';
import { clockState, createState, type Watched } from './state.ts';

export interface SimulatorPages {
  /** For the HTTP service: answers /simulator and what is below, lets everything else pass. */
  readonly middleware: Middleware;
  readonly desk: Desk;
  /** A script has begun or ended. */
  playingChanged(): void;
  /** Ends the streams, so that the service can stop. */
  close(): void;
}

const base = '/simulator';
const files: Readonly<Record<string, readonly [file: string, type: string]>> = {
  [base]: ['index.html', 'text/html; charset=utf-8'],
  [`${base}/`]: ['index.html', 'text/html; charset=utf-8'],
  [`${base}/style.css`]: ['style.css', 'text/css; charset=utf-8'],
  [`${base}/app.mjs`]: ['app.mjs', 'text/javascript; charset=utf-8'],
  [`${base}/icon.svg`]: ['icon.svg', 'image/svg+xml'],
};
const loopback = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/;

/**
 * A page and an interface that move a simulated WeChat: for trying the bot, never for a real village. It takes
 * wechaty's mock alone (`simulator`), and nobody signs in, so it answers under loopback names only unless
 * `anyHost`.
 */
export function createSimulatorPages(deps: {
  simulator: Simulator;
  village: Watched;
  cast: Cast;
  chats: Chats;
  /** The village's, and the machine's. */
  clock: FakeClock;
  realClock: Clock;
  work: Work;
  ids: Ids;
  uploads: Uploads;
  lane: Lane;
  sweeps: readonly { readonly run: () => Promise<void> }[];
  playing: () => boolean;
  /** Who the page is at first. */
  first: { readonly from: string; readonly room: string | null };
  botName: string;
  anyHost?: boolean;
}): SimulatorPages {
  const { chats, clock, playing } = deps;
  const desk = createDesk(deps);
  const stateOf = createState(deps);
  const events = createLiveEvents({ chats, clock: deps.realClock });
  const read = createReader(bodyLimit);
  const told = (): void => events.clock(clockState(clock.now(), playing()));

  const router = new Router({ prefix: `${base}/api` });
  router.post('/messages', async (ctx) => {
    ctx.body = await desk.write(check('body', messageBody, await read(ctx)));
  });
  router.post('/clock', async (ctx) => {
    const { to } = check('body', clockBody, await read(ctx));
    const { now, said } = await desk.moveClock(to);
    told();
    ctx.body = { now: now.toISOString(), said };
  });
  router.get('/state', async (ctx) => {
    ctx.body = { bot: deps.botName, first: deps.first, last: chats.last(), ...(await stateOf(playing())) };
  });
  router.get('/chats/:chat', (ctx) => {
    const { before, limit } = check('query', historyQuery, { ...ctx.query });
    const chat = ctx.params['chat'] ?? '';
    const known =
      deps.cast.rooms.some(({ room }) => room === chat) ||
      deps.cast.people.some(({ member }) => `direct:${member}` === chat);
    if (!known) throw new AppError('simulator.chat-unknown', 404);
    ctx.body = { chat, messages: chats.of(chat, { before, limit }) };
  });
  router.get('/events', (ctx) => {
    const { after } = check('query', eventsQuery, { ...ctx.query });
    const last = ctx.get('Last-Event-ID');
    if (last !== '' && !/^\d{1,15}$/.test(last)) throw new AppError('http.malformed', 400);
    events.stream(ctx, last === '' ? (after ?? chats.last()) : Number(last));
  });
  router.get('/pictures/:picture', async (ctx) => {
    const found = await deps.uploads.read(ctx.params['picture'] ?? '');
    if (found === null) throw new AppError('http.no-photo', 404);
    ctx.type = found.type;
    ctx.body = Buffer.from(found.bytes);
  });
  const routes = router.routes() as unknown as Middleware;

  function demandOurs(ctx: Context): void {
    // A foreign name that was pointed at loopback would pass for the same origin.
    if (deps.anyHost !== true && !loopback.test(ctx.host)) throw new AppError('http.origin', 403);
    if (!ctx.path.startsWith(`${base}/api/`)) return;
    if (!['', 'same-origin', 'none'].includes(ctx.get('Sec-Fetch-Site'))) throw new AppError('http.origin', 403);
    checkOrigin(ctx, { cookieSecure: false });
  }

  async function sendFile(ctx: Context): Promise<void> {
    const [file, type] = files[ctx.path] ?? [];
    if (file === undefined || type === undefined) throw new AppError('http.not-found', 404);
    if (!['GET', 'HEAD'].includes(ctx.method)) {
      ctx.set('Allow', 'GET, HEAD');
      throw new AppError('http.method', 405);
    }
    ctx.type = type;
    ctx.body = await readFile(new URL(`./page/${file}`, import.meta.url));
  }

  return {
    desk,
    playingChanged: told,
    close: events.close,
    async middleware(ctx, next) {
      if (ctx.path !== base && !ctx.path.startsWith(`${base}/`)) {
        await next();
        return;
      }
      demandOurs(ctx);
      ctx.set('Cache-Control', 'no-store');
      if (!ctx.path.startsWith(`${base}/api/`)) {
        await sendFile(ctx);
        return;
      }
      await routes(ctx, () => {
        const matched = (ctx as { matched?: readonly { methods: readonly string[] }[] }).matched ?? [];
        const methods = [...new Set(matched.flatMap((layer) => layer.methods))];
        if (methods.length === 0) throw new AppError('http.not-found', 404);
        ctx.set('Allow', methods.join(', '));
        throw new AppError('http.method', 405);
      });
    },
  };
}
