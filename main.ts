import { createPipeline, type Pipeline } from './bots/conversation/pipeline.ts';
import { createImageKeeper } from './bots/conversation/images.ts';
import { createMouth } from './bots/conversation/mouth.ts';
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
import { registerNoticesJobs } from './jobs/notices.ts';
import { registerRemindersJobs } from './jobs/reminders.ts';
import type { Sweep } from './jobs/schedule.ts';
import { compose, type Ground, type Services } from './src/compose.ts';
import { createSayer, type Rates, type Sayer } from './src/messages/index.ts';
import type { Uploads } from './src/platform/uploads.ts';
import { sentence } from './templates/faults.ts';

/** A whole village in this process: its rules, its voice and its clockwork. */
export interface Village extends Services {
  readonly ground: Ground;
  readonly uploads: Uploads;
  readonly channel: Channel;
  readonly pipeline: Pipeline;
  readonly sayer: Sayer;
  readonly sweeps: readonly Sweep[];
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
  /** Names this start of this process. */
  readonly owner: string;
  readonly onBlocked: () => void;
}

/** Joins rules, bots, jobs and templates; nothing else does. */
export function openVillage(options: VillageOptions): Village {
  const { ground, uploads, channel, botName } = options;
  const { clock, work, onFault } = ground;
  let kick = (): void => undefined;
  const services = compose(ground, () => {
    kick();
    return Promise.resolve();
  });
  const { members, grid, messages, relay } = services;
  const named = (): string => channel.botName() ?? botName;

  const sayer = createSayer({
    outbox: messages.outbox,
    clock,
    work,
    rates: options.rates,
    owner: options.owner,
    mouth: createMouth({ channel, members, grid }),
    stopped: (person) => members.stopped(person),
    onBlocked: options.onBlocked,
  });
  kick = sayer.kick;

  const pipeline = createPipeline({
    clock,
    work,
    members,
    grid,
    messages,
    sentence,
    onFault,
    botName: named,
    keepImage: createImageKeeper({ uploads, onFault }),
    skills: [
      createTalkSkill({ grid, messages, botName: named }),
      createMembersSkill(services),
      createGridSkill(services),
      createPoliciesSkill(services),
      createNoticesSkill({ ...services, clock }),
      createFeedbackSkill(services),
      createActivitiesSkill({ ...services, clock }),
    ],
  });

  const jobs = { ...ground, ...services };
  const sweeps: Sweep[] = [
    ...messageSweeps({ messages, clock }),
    { name: 'messages.unhandled', everyMinutes: 1, run: () => pipeline.resume() },
    { name: 'messages.echoes', everyMinutes: 1, run: async () => void (await sayer.reconcile()) },
    { name: 'messages.due', everyMinutes: 1, run: () => Promise.resolve(sayer.kick()) },
    { name: 'staff.expired', everyMinutes: 60, run: () => services.staff.forgetExpired() },
    ...registerMembersJobs(jobs).sweeps,
    ...registerNoticesJobs(jobs).sweeps,
    ...registerFeedbackJobs(jobs).sweeps,
    ...registerActivitiesJobs(jobs).sweeps,
    ...registerRemindersJobs(jobs).sweeps,
  ];

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
    async start() {
      await sayer.recover();
      await relay.start();
      for (const sweep of sweeps) await sweep.run();
      await channel.start();
      sayer.kick();
    },
    async close() {
      await channel.stop();
      sayer.stop();
      await work.idle();
      await relay.stop();
      await ground.queue.close();
      await ground.store.close();
    },
  };
}
