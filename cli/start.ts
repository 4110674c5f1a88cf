import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createSilentChannel } from '../bots/channels/silent.ts';
import type { Channel } from '../bots/channels/channel.ts';
import { defaultPace } from '../bots/conversation/pace.ts';
import { lapseQueue } from '../jobs/activities.ts';
import { limitQueue } from '../jobs/feedback.ts';
import { dueQueue } from '../jobs/notices.ts';
import { scheduleSweeps } from '../jobs/schedule.ts';
import { openVillage, type Village } from '../main.ts';
import { readConfig, type Config } from '../src/config.ts';
import { openGround } from '../src/ground.ts';
import { createHttp, type Http } from '../src/http/index.ts';
import { createRates, defaultRates, noticeMs, type LoginState, type Rates } from '../src/messages/index.ts';
import type { Clock } from '../src/platform/clock.ts';
import type { LeaseTimes } from '../src/platform/lease.ts';
import { reminderQueue } from '../src/reminders/index.ts';
import type { Log } from '../src/platform/log.ts';
import { createWebhook } from '../src/platform/webhook.ts';
import type { Work } from '../src/platform/work.ts';
import { signUpSheet } from '../templates/activities.sheet.ts';
import { sentence } from '../templates/faults.ts';
import { fault as importFault } from '../templates/registry.ts';

const queueNames = [dueQueue, limitQueue, lapseQueue, reminderQueue];

/** The way to WeChat that the configuration names. wechaty is loaded only when it is needed. */
async function channelOf(config: Config, parts: { clock: Clock; work: Work; log: Log }): Promise<Channel> {
  const { puppet, token, endpoint, tls } = config.wechaty;
  if (puppet !== 'service') return createSilentChannel();
  const { createWechatyChannel } = await import('../bots/channels/wechaty.ts');
  // Earlier versions kept people's names there, also those of erased ones.
  await rm(join(config.dataDir, 'wechaty'), { recursive: true, force: true });
  return createWechatyChannel({
    ...parts,
    puppet: 'wechaty-puppet-service',
    puppetOptions: {
      ...(token === null ? {} : { token }),
      ...(endpoint === null ? {} : { endpoint }),
      ...(tls ? {} : { tls: { disable: true } }),
    },
    onScan: (code) => console.log(`请用机器人的微信扫码登录:${code}`),
  });
}

async function livesElsewhere({ messages, ground }: Village): Promise<boolean> {
  const { aliveAt } = await messages.outages.state();
  return aliveAt !== null && ground.clock.now().getTime() - aliveAt.getTime() < noticeMs;
}

const wechatDetail = ({ aliveAt, outage }: LoginState): object => ({
  aliveAt: aliveAt?.toISOString() ?? null,
  outage: outage?._id ?? null,
});

/** The service for staff, on the address of the configuration. */
function httpOf(config: Config, village: Village, log: Log): Http {
  const { queue, clock, ids } = village.ground;
  return createHttp({
    ...village,
    clock,
    ids,
    log,
    words: { sentence, importFault, rosterPage: signUpSheet },
    options: config.http,
    ready: {
      store: async () => {
        await village.grid.village();
        return true;
      },
      queue: async () => {
        await queue.counts(reminderQueue);
        return true;
      },
      // WeChat may have stopped the account; a person lifts it.
      account: async () => !(await village.messages.desk.blocked()),
      // Another process may have the login: its signs of life stand in the store.
      wechat: async () =>
        config.wechaty.puppet === 'none' || village.channel.online() || (await livesElsewhere(village)),
    },
    details: { wechat: async () => village.messages.outages.state().then(wechatDetail) },
    queues: { queue, names: queueNames },
  });
}

/** What takes the place of WeChat and of the usual times, where a whole process is tried. */
export interface StandIns {
  readonly channel?: Channel;
  readonly rates?: Rates;
  readonly leaseTimes?: LeaseTimes;
}

/** What is not through by then is taken up again at the next start, as after a kill. */
const closingMs = 9_000;

/** Opens and starts the village of this configuration. */
export async function startVillage(
  config: Config,
  { channel, rates = createRates(defaultRates, Math.random), leaseTimes }: StandIns = {},
): Promise<{ village: Village; log: Log }> {
  const { ground, uploads, log } = await openGround(config);
  const { clock, ids, work } = ground;
  const village = openVillage({
    ground,
    uploads,
    channel: channel ?? (await channelOf(config, { clock, work, log })),
    botName: config.botName,
    rates,
    pace: { ...defaultPace, perPerson: config.messagesPerMinute },
    owner: ids.next(),
    onBlocked: () => log.error('channel.blocked'),
    roles: config.roles,
    shared: config.mongoUri !== null,
    friends: { perDay: config.wechaty.friendsPerDay, random: Math.random },
    watch: {
      log,
      alarm: config.outages.webhook === null ? null : createWebhook(config.outages.webhook),
      missedAfterMs: config.outages.missedAfterMinutes * 60_000,
    },
    ...(leaseTimes === undefined ? {} : { leaseTimes }),
  });
  try {
    await village.start();
  } catch (fault) {
    await village.close();
    throw fault;
  }
  return { village, log };
}

/** `cunkou start`: runs until it is told to stop. */
export const startCommand = (): Promise<number> => run(readConfig());

/** Runs that village and its service until SIGINT or SIGTERM; the exit code. */
export async function run(config: Config, standIns: StandIns = {}): Promise<number> {
  const { village, log } = await startVillage(config, standIns);
  const http = httpOf(config, village, log);
  const { url } = await http.start().catch(async (fault: unknown) => {
    // Nobody would see to a village that runs on without its service.
    await village.close();
    throw fault;
  });
  const stopSweeps = scheduleSweeps(village.sweeps, village.ground.work);
  log.info('village.started', { store: config.mongoUri === null ? 'embedded' : 'mongodb' });
  const link = config.roles.includes('api') ? await village.staff.firstAdminLink() : null;
  if (link !== null)
    console.log(`还没有管理员。一天之内打开这个链接设置(只能用一次):\n${url}/setup#token=${link.token}`);
  const signal = await new Promise<string>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => resolve(name));
  });
  log.info('village.stopping', { signal });
  const { clock } = village.ground;
  const cancel = clock.at(new Date(clock.now().getTime() + closingMs), () => {
    log.warn('village.cut-off');
    process.exit(0);
  });
  stopSweeps();
  await http.close();
  await village.close();
  cancel();
  // Libraries leave timers behind (ioredis for half a minute), which must not keep the process.
  clock.at(clock.now(), () => process.exit());
  return 0;
}
