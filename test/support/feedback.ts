import { createFeedbackSkill } from '../../bots/skills/feedback.ts';
import type { Answer, Skill, Slots, Turn } from '../../bots/skills/skill.ts';
import { readReport } from '../../bots/understanding/report-category.ts';
import { registerFeedbackJobs } from '../../jobs/feedback.ts';
import { createFeedback, feedbackCollections } from '../../src/feedback/index.ts';
import type { Asker, Feedback, Filed, Report } from '../../src/feedback/index.ts';
import { reports } from '../../src/feedback/feedback.model.ts';
import { createMessages, messageCollections } from '../../src/messages/index.ts';
import type { MessageService, OutboxRow, Verdict } from '../../src/messages/index.ts';
import { outbox } from '../../src/messages/messages.model.ts';
import { createInProcessQueue } from '../../src/platform/queue/in-process.ts';
import { createRelay } from '../../src/platform/events/relay.ts';
import type { Store } from '../../src/platform/store/port.ts';
import { createWork } from '../../src/platform/work.ts';
import type { Work } from '../../src/platform/work.ts';
import type { Actor } from '../../src/shared/access.ts';
import { buildGrid, buildMember, buildRegistry, buildRoom } from './members.ts';
import type { RegistryRig } from './members.ts';

/** `[id, name, household, grid]`: 三组 and 四组 with villagers, and the village's cadres. */
const people = [
  ['M0211', '赵世英', 'H081', '三组'],
  ['M0212', '赵小虎', 'H081', '三组'],
  ['M0230', '陈国强', 'H089', '三组'],
  ['M0213', '周光明', 'H082', '三组'],
  ['M0287', '唐兴华', 'H108', '四组'],
  ['M0307', '罗素芬', 'H117', '四组'],
  ['M0167', '曹玉兰', 'H067', '三组'],
  ['M0296', '吴昌玉', 'H112', '四组'],
  ['M0297', '吴大海', 'H112', '四组'],
  ['M0140', '梁国富', 'H056', '二组'],
  ['M0221', '萧天才', 'H086', '三组'],
  ['M0110', '许天才', 'H044', '二组'],
] as const;

export interface FeedbackRig extends RegistryRig {
  readonly feedback: Feedback;
  readonly messages: MessageService;
  readonly skill: Skill;
  readonly work: Work;
  readonly faults: unknown[];
  readonly sweeps: { name: string; run: () => Promise<void> }[];
  actor(member: string): Promise<Actor>;
  asker(person: string): Promise<Asker>;
  /** Files as the skill would. */
  file(from: string, person: string, text: string, room?: string | null): Promise<Filed>;
  row(id: string): Promise<Report>;
  /** One message: the verb with its slots. */
  say(
    message: string,
    person: string,
    room: string | null,
    verb: string,
    slots?: Slots,
    part?: Partial<Turn>,
  ): Promise<Answer>;
  /** Lets events and alarms settle. */
  settle(): Promise<void>;
  /** Moves the clock on, settling after each alarm. */
  until(iso: string): Promise<void>;
  sweepAll(): Promise<void>;
  /** Everything planned to be said about reports, oldest first. */
  planned(): Promise<OutboxRow[]>;
  /** What those rows would say right now, as the guard decides. */
  allowed(row: OutboxRow): Promise<boolean>;
  /** This person has written in a direct chat. */
  wrote(person: string): Promise<void>;
}

/** `tamper` wraps the store, for crashes in the middle of a service. */
export async function buildFeedback(options: { tamper?: (store: Store) => Store } = {}): Promise<FeedbackRig> {
  const registry = buildRegistry({ more: [...messageCollections, ...feedbackCollections] });
  const { clock, members, grid } = registry;
  const store = options.tamper?.(registry.store) ?? registry.store;
  await registry.putGrids(
    buildGrid({ _id: '清溪村', parent: null }),
    buildGrid({ _id: '二组' }),
    buildGrid({ _id: '三组' }),
    buildGrid({ _id: '四组' }),
  );
  await registry.putRooms(
    buildRoom({ _id: '三组' }),
    buildRoom({ _id: '四组' }),
    buildRoom({ _id: '村委', grid: '清溪村', topic: '村委工作群', management: true }),
  );
  for (const [_id, name, household, home] of people)
    await registry.put(buildMember({ _id, name, household, grid: home, nickname: name }));
  await registry.give('M0167', '网格员', '三组');
  await registry.give('M0296', '网格员', '四组');
  await registry.give('M0140', '监督委员');
  await registry.give('M0221', '村主任');
  await registry.give('M0110', '村支书');

  const faults: unknown[] = [];
  const onFault = (_name: string, fault: unknown): void => void faults.push(fault);
  const work = createWork(onFault);
  const queue = createInProcessQueue({ clock, work });
  const relay = createRelay({ store: registry.store, clock, work, onFault });
  const created = createMessages({ store: registry.store, clock, members, grid, wake: () => Promise.resolve() });
  let guard: ((id: string, row: OutboxRow) => Promise<Verdict>) | null = null;
  const messages: MessageService = {
    ...created,
    guard(kind, check) {
      if (kind === 'feedback') guard = check;
      created.guard(kind, check);
    },
  };
  const feedback = createFeedback({ store, clock, members, grid });
  const skill = createFeedbackSkill({ feedback, members, grid });
  const { sweeps } = registerFeedbackJobs({ relay, queue, feedback, messages, members });
  await relay.start();

  const actor = (member: string): Promise<Actor> => members.actor(member);
  const rig: FeedbackRig = {
    ...registry,
    feedback,
    messages,
    skill,
    work,
    faults,
    sweeps,
    actor,
    asker: async (person) => ({ actor: await actor(person), persons: [person] }),
    async file(from, person, text, room = null) {
      const member = person.startsWith('wx:') ? null : person;
      const reading = readReport(text, await feedback.known(member, room));
      return feedback.file({ from, person, member, room, grid: room, text, reading });
    },
    async row(id) {
      const report = await registry.store.collection(reports).get(id);
      if (!report) throw new Error(`no report ${id}`);
      return report;
    },
    async say(message, person, room, verb, slots = {}, part = {}) {
      const member = person.startsWith('wx:') ? null : person;
      const known = member === null ? null : await members.get(member);
      const turn: Turn = {
        message,
        at: clock.now(),
        person,
        contact: `c-${person}`,
        member,
        name: known?.name ?? '老乡',
        actor: await actor(person),
        room,
        management: false,
        grid: room ?? known?.grid ?? null,
        mention: false,
        text: '',
        images: [],
        shown: {},
        ...part,
      };
      const run = skill.verbs[verb];
      if (!run) throw new Error(`no verb ${verb}`);
      return run(turn, slots);
    },
    settle: () => work.idle(),
    until: (iso) => clock.advanceTo(new Date(iso), () => work.idle()),
    async sweepAll() {
      for (const sweep of sweeps) await sweep.run();
      await work.idle();
    },
    async planned() {
      const rows = await registry.store.collection(outbox).find({ 'subject.kind': 'feedback' });
      return rows.sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
    },
    allowed: async (row) => (await guard?.(row.subject?.id ?? '', row)) === 'say',
    wrote: (person) => messages.wroteDirectly(person, `c-${person}`),
  };
  return rig;
}
