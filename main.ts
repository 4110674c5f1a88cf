import { createPipeline, type Pipeline } from './bots/conversation/pipeline.ts';
import { acceptFriends } from './bots/conversation/friends.ts';
import { createImageKeeper } from './bots/conversation/images.ts';
import { createLogin } from './bots/conversation/login.ts';
import { createMouth } from './bots/conversation/mouth.ts';
import { createRoomMembers } from './bots/conversation/room-members.ts';
import { createPace, type PaceLimits } from './bots/conversation/pace.ts';
import type { Channel } from './bots/channels/channel.ts';
import { createActivitiesSkill } from './bots/skills/activities/index.ts';
import { createFeedbackSkill } from './bots/skills/feedback.ts';
import { createGridSkill } from './bots/skills/grid.ts';
import { createMembersSkill } from './bots/skills/members.ts';
import { createNoticesSkill } from './bots/skills/notices.ts';
import { createPoliciesSkill } from './bots/skills/policies.ts';
import { createTalkSkill } from './bots/skills/talk.ts';
import { registerActivitiesJobs } from './jobs/activities.ts';
import { registerFeedbackJobs } from './jobs/feedback.ts';
import { registerMembersJobs } from './jobs/members.ts';
import { messageSweeps } from './jobs/messages.ts';
import { registerOutageJobs, type LoginWatch } from './jobs/messages.outages.ts';
import { registerNoticesJobs } from './jobs/notices.ts';
import { registerRemindersJobs } from './jobs/reminders.ts';
import type { Sweep } from './jobs/schedule.ts';
import { compose, type Ground, type Services } from './src/compose.ts';
import { roles as everyRole, type ProcessRole } from './src/config.ts';
import { createSayer, type FriendPace, type Rates, type Sayer } from './src/messages/index.ts';
import { createLease, type LeaseTimes } from './src/platform/lease.ts';
import type { Uploads } from './src/platform/uploads.ts';
import { sentence } from './templates/faults.ts';
import { greeting } from './templates/talk.ts';

/** A whole village in this process: its rules, its voice and its clockwork. */
export interface Village extends Services {
  readonly ground: Ground;
  readonly uploads: Uploads;
  readonly channel: Channel;
  readonly pipeline: Pipeline;
  readonly sayer: Sayer;
  /** What this process looks after now and then. */
  readonly sweeps: readonly Sweep[];
  /** Who is in a room of ours now. */
  readonly roomMembers: ReturnType<typeof createRoomMembers>;
  /** Finishes what a crash left, then listens and speaks. */
  start(): Promise<void>;
  /** Takes nothing more, finishes what runs, and closes everything that it was given. */
  close(): Promise<void>;
}

export interface VillageOptions {
  readonly ground: Ground;
  readonly uploads: Uploads;
  readonly channel: Channel;
  readonly botName: string;
  readonly rates: Rates;
  /** How much is taken up of one person and in one room; without limits unless given. */
  readonly pace?: PaceLimits;
  /** Names this start of this process. */
  readonly owner: string;
  readonly onBlocked: () => void;
  /** What this process does; everything unless given. The service for staff is opened beside it. */
  readonly roles?: readonly ProcessRole[];
  /** Other processes may stand on the same store: what only one may do needs a lease. */
  readonly shared?: boolean;
  /** Others than the usual ones. */
  readonly leaseTimes?: LeaseTimes;
  /** Tells people when the login was away; a village without it keeps quiet about that. */
  readonly watch?: LoginWatch;
  /** How requests to become a contact are accepted; absent: by nobody here. */
  readonly friends?: FriendPace;
}

/** In a village of several processes each looks this often for what the others left. */
const pollMs = 1_000;

/** Joins rules, bots, jobs and templates; nothing else does. */
export function openVillage(options: VillageOptions): Village {
  const { ground, uploads, channel, botName, owner } = options;
  const { store, clock, work, onFault } = ground;
  const has = (role: ProcessRole): boolean => (options.roles ?? everyRole).includes(role);
  const alone = everyRole.every(has) && options.shared !== true;
  let kick = (): void => undefined;
  const wake = (): Promise<void> => {
    if (has('bot')) kick();
    return Promise.resolve();
  };
  const services = compose({ ...ground, uploads }, wake, alone ? undefined : pollMs);
  const { members, grid, messages, relay } = services;
  const named = (): string => channel.botName() ?? botName;
  const roomMembers = createRoomMembers({ channel, grid });

  const lease = (name: string, onChange: (held: boolean) => void) =>
    createLease({
      ...{ store, clock, work, name, owner, onChange, onFault },
      ...(options.leaseTimes === undefined ? {} : { times: options.leaseTimes }),
    });
  const login = createLogin({
    channel,
    clock,
    work,
    lease: alone || !has('bot') ? null : (onChange) => lease('wechat', onChange),
    async prepare() {
      await sayer.recover();
      await pipeline.resume();
    },
    ready: () => sayer.kick(),
    alive: (at) => (options.watch === undefined ? Promise.resolve() : messages.outages.alive(at)),
    onFault,
  });
  const duty = has('clock') && !alone ? lease('clock', () => undefined) : null;
  const onDuty = (run: () => Promise<void>) => (): Promise<void> =>
    duty === null || duty.held() ? run() : Promise.resolve();
  const asOwner = (run: () => Promise<void>) => (): Promise<void> => (login.owns() ? run() : Promise.resolve());

  const sayer = createSayer({
    outbox: messages.outbox,
    clock,
    work,
    rates: options.rates,
    owner,
    mouth: createMouth({ channel, members, grid, owns: login.owns }),
    stopped: (person) => members.stopped(person),
    onBlocked: options.onBlocked,
    ...(alone ? {} : { pollMs }),
    busy: (chat) => pipeline.busy(chat),
  });
  kick = sayer.kick;

  const pipeline: Pipeline = createPipeline({
    clock,
    work,
    members,
    grid,
    messages,
    sentence,
    onFault,
    botName: named,
    voice: sayer,
    ...(options.pace === undefined ? {} : { pace: createPace(clock, options.pace) }),
    keepImage: createImageKeeper({
      uploads,
      onFault,
      sent: (picture, person) => messages.pictures.sent(picture, person),
    }),
    skills: [
      createTalkSkill({ grid, messages, botName: named }),
      createMembersSkill({ ...services, roomMembers }),
      createGridSkill(services),
      createPoliciesSkill(services),
      createNoticesSkill({ ...services, clock }),
      createFeedbackSkill(services),
      createActivitiesSkill({ ...services, clock }),
    ],
  });

  // Every process knows the checks of what is said; only workers take jobs.
  const queue = has('worker') ? ground.queue : { ...ground.queue, process: () => undefined };
  const jobs = { ...ground, ...services, queue };
  const { friends: pace } = options;
  const meet =
    pace === undefined
      ? null
      : acceptFriends({
          ...{ channel, messages, members, work, pace, onFault },
          owns: login.owns,
          greeting: () => greeting(named()),
        });
  const chat: Sweep[] = [
    { name: 'messages.unhandled', everyMinutes: 1, run: asOwner(() => pipeline.resume()) },
    { name: 'messages.echoes', everyMinutes: 1, run: asOwner(async () => void (await sayer.reconcile())) },
    { name: 'messages.claims', everyMinutes: 1, run: () => sayer.settle() },
    { name: 'messages.alive', everyMinutes: 1, run: asOwner(() => login.beat()) },
    ...(meet === null ? [] : [{ name: 'messages.friends', everyMinutes: 1, run: asOwner(meet) }]),
    { name: 'messages.due', everyMinutes: 1, run: asOwner(() => Promise.resolve(sayer.kick())) },
  ];
  const house: Sweep[] = [
    ...messageSweeps({ messages, clock }),
    ...(options.watch === undefined ? [] : registerOutageJobs({ ...jobs, watch: options.watch }).sweeps),
    { name: 'staff.expired', everyMinutes: 60, run: () => services.staff.forgetExpired() },
    ...registerMembersJobs(jobs).sweeps,
    ...registerNoticesJobs(jobs).sweeps,
    ...registerFeedbackJobs(jobs).sweeps,
    ...registerActivitiesJobs(jobs).sweeps,
    ...registerRemindersJobs(jobs).sweeps,
  ].map((sweep) => ({ ...sweep, run: onDuty(sweep.run) }));
  const sweeps = [...(has('bot') ? chat : []), ...(has('clock') ? house : [])];

  channel.onMessage((message) => pipeline.take(message));
  channel.onOnline(() => sayer.kick());

  return {
    ...services,
    ground,
    uploads,
    channel,
    pipeline,
    sayer,
    sweeps,
    roomMembers,
    async start() {
      // Who was erased after the backup that this village was restored from is not to be seen by anybody.
      await members.erasures.finish('replays');
      if (has('worker')) await relay.start();
      await duty?.start();
      for (const { name, run } of sweeps.filter((one) => !chat.includes(one))) {
        // One that fails is tried again at its pace; the others, and the bot, do not wait for it.
        await run().catch((fault: unknown) => onFault(`sweep ${name}`, fault));
      }
      if (has('bot')) await login.start();
    },
    async close() {
      await login.leave();
      pipeline.stop();
      sayer.stop();
      // What is being handled is finished; what is not waits in the store.
      await relay.stop();
      await work.idle();
      await login.release();
      await duty?.stop();
      await work.idle();
      await ground.queue.close();
      await store.close();
    },
  };
}
