import type { Activity, Mine, Signup } from '../../src/activities/index.ts';
import * as cadres from '../../templates/activities.cadres.ts';
import * as chain from '../../templates/activities.chain.ts';
import * as activities from '../../templates/activities.ts';
import * as feedbackCadres from '../../templates/feedback.cadres.ts';
import * as feedbackParts from '../../templates/feedback.parts.ts';
import * as feedback from '../../templates/feedback.ts';
import * as grid from '../../templates/grid.ts';
import * as members from '../../templates/members.ts';
import * as notices from '../../templates/notices.ts';
import * as policies from '../../templates/policies.ts';
import * as registry from '../../templates/registry.ts';
import * as reminders from '../../templates/reminders.ts';
import * as talk from '../../templates/talk.ts';

const at = (text: string): Date => new Date(`${text}+08:00`);
const now = at('2026-03-18T09:30:00');

export const activity = (part: Partial<Activity> = {}): Activity => ({
  _id: 'A1',
  name: '桂花园除草',
  kind: '花园劳动',
  garden: '桂花园',
  scope: '三组',
  startsAt: at('2026-03-21T08:30:00'),
  endsAt: at('2026-03-21T11:00:00'),
  deadline: at('2026-03-20T18:00:00'),
  minimum: null,
  minAge: 16,
  meet: '桂花园大门口',
  bring: ['手套', '小锄头'],
  content: '把园子里的杂草扯干净,中午管饭。',
  state: 'open',
  reason: '下雨',
  version: 1,
  moves: [],
  checkinCode: '7431',
  callRooms: ['三组'],
  jielong: false,
  createdBy: 'M5',
  createdAt: now,
  from: null,
  changedFrom: null,
  seats: { capacity: 15, free: 5, kept: 0, waiting: 0, lastTicket: 0, rev: 0, claims: [] },
  ...part,
});
const full = activity({
  seats: { capacity: 20, free: 0, kept: 0, waiting: 3, lastTicket: 3, rev: 0, claims: [] },
  name: '村口花园补种',
});
const row = (part: Partial<Signup> = {}): Signup => ({
  _id: 'A1:M1',
  activity: 'A1',
  person: 'M1',
  member: 'M1',
  name: '王大明',
  people: 2,
  companions: [],
  guests: [],
  by: null,
  status: 'confirmed',
  why: null,
  from: 'loop:1',
  room: '三组',
  speaker: 'M1',
  signedAt: now,
  seq: 1,
  entry: null,
  ticket: null,
  offer: null,
  did: { from: 'loop:1', what: 'signup' },
  touchedAt: now,
  ...part,
});
const forMother = row({ person: 'M9', member: 'M9', name: '朱玉兰', by: 'M1', people: 1 });
const mine = (part: Partial<Mine> = {}): Mine => ({ activity: activity(), row: row(), position: 0, ...part });
const warnings = { clashes: ['农技培训'], marketDay: true, farmingPeak: '春耕' };
const calm = { clashes: [], marketDay: false, farmingPeak: null };
const line: feedbackParts.ReportLine = {
  number: 315,
  category: '水电通信',
  status: 'assigned',
  gist: '三组坎下那盏路灯又不亮了',
  handler: '吴玉',
  due: at('2026-03-20T18:00:00'),
  outcome: '换了新灯泡,晚上看过是亮的',
  mergedInto: null,
};
const states = [
  'submitted',
  'accepted',
  'assigned',
  'in progress',
  'resolved',
  'confirmed',
  'reopened',
  'merged',
  'withdrawn',
  'rejected',
  'transferred',
  'closed',
];
const works = ['accept', 'progress', 'resolve', 'assign', 'extend', 'reject', 'transfer'] as const;
const notice = { number: 12, title: '停水', kind: 'normal' as const, text: '明天8:00到12:00停水,请存水。' };
const count = { people: 40, households: 18, rooms: ['三组', '四组'], directs: 3, leftOut: 1, unreachedHouseholds: 2 };
const five = [0, 1, 2, 3, 4];
const several = five.map((n) =>
  activity({ name: ['院坝会', '农技培训', '桂花园除草', '敬老理发', '村史故事会'][n] ?? '' }),
);

/** What any fault may tell. */
export const facts = {
  name: '桂花园除草',
  number: 315,
  into: 312,
  most: 30,
  minutes: 15,
  limit: 500,
  field: 'text',
  status: 'resolved',
  state: 'sent',
  capacity: 15,
  minAge: 18,
  free: 2,
  people: 4,
  at: at('2026-03-21T08:00:00').toISOString(),
  from: at('2026-03-21T08:00:00').toISOString(),
  until: at('2026-03-21T11:00:00').toISOString(),
  opensAt: at('2026-03-21T08:00:00').toISOString(),
  count: 3,
  seconds: 90,
};

/** Who hears it: a villagers' group (and perhaps direct chats), one villager alone, cadres, or an admin's console. */
export type Listener = 'group' | 'direct' | 'cadres' | 'console';
interface Sample {
  readonly to: Listener;
  readonly texts: readonly string[];
}
const group = (...texts: readonly string[]): Sample => ({ to: 'group', texts });
const direct = (...texts: readonly string[]): Sample => ({ to: 'direct', texts });
const staff = (...texts: readonly string[]): Sample => ({ to: 'cadres', texts });
const told = (faults: Readonly<Record<string, (given: typeof facts) => string>>): Sample =>
  group(...Object.values(faults).map((say) => say(facts)));

/** Plausible data for every template; a template without a sample fails the test. */
const noNews: chain.ChainNews = {
  joined: [],
  waiting: [],
  changed: [],
  left: [],
  identified: [],
  refused: [],
  undoable: false,
};

export const samples: Readonly<Record<string, { module: object; of: Readonly<Record<string, Sample>> }>> = {
  'activities.chain': {
    module: chain,
    of: {
      chain: group(
        chain.chain(activity(), {
          ...noNews,
          joined: [
            { name: '冯哥', people: 2 },
            { name: '程秀英', people: 1 },
          ],
          undoable: true,
        }),
        chain.chain(full, {
          joined: Array.from({ length: 9 }, (_, n) => ({ name: `村民${n}`, people: 1 })),
          waiting: [
            { name: '胡大爷', people: 2, position: 3 },
            { name: '春花', people: 1, position: 0 },
          ],
          changed: [{ name: '吕哥', people: 3, was: 2 }],
          left: ['唐哥'],
          identified: [{ word: '幺妹儿', name: '林永芳' }],
          refused: [
            { name: '李小明', reason: chain.reasons['activities.needs-adult'] ?? '' },
            { name: '王强', reason: chain.reasons['few'] ?? '' },
          ],
          undoable: true,
        }),
        chain.chain(activity(), { ...noNews, refused: [{ name: '吕哥', reason: chain.reasons['few'] ?? '' }] }),
      ),
      reasons: group(...Object.values(chain.reasons)),
      who: group(
        chain.who('幺妹儿', [
          { member: 'M1', name: '林永芳', grid: '三组', head: '王大明' },
          { member: 'M2', name: '周小兰', grid: '三组', head: '周小兰' },
        ]),
      ),
      howMany: group(chain.howMany('胡宇航')),
      tentative: group(chain.tentative('胡明贵')),
      leaves: group(chain.leaves('萧建国')),
      changes: group(chain.changes('萧建国', 3)),
      comesAgain: group(chain.comesAgain('萧建国', 1)),
      otherNumber: group(chain.otherNumber('吕哥', 3)),
      nothingNew: group(chain.nothingNew(activity())),
      notOurs: group(chain.notOurs),
      settled: group(chain.settled),
      undone: group(chain.undone(activity(), ['冯哥', '春花'])),
      notUndone: group(chain.notUndone([{ name: '冯哥', reason: chain.reasons['activities.no-longer'] ?? '' }])),
    },
  },
  activities: {
    module: activities,
    of: {
      signedUp: group(
        activities.signedUp({
          kind: 'confirmed',
          activity: activity(),
          rows: [row()],
          positions: [0],
          warnings,
          along: ['李芳'],
          apart: ['吕勇'],
        }),
        activities.signedUp({
          kind: 'confirmed',
          activity: activity(),
          rows: [forMother],
          positions: [0],
          warnings: calm,
          along: [],
          apart: [],
        }),
        activities.signedUp({
          kind: 'waitlisted',
          activity: full,
          rows: [row()],
          positions: [2],
          warnings,
          along: [],
          apart: [],
        }),
        activities.signedUp({
          kind: 'waitlisted',
          activity: full,
          rows: [forMother],
          positions: [0],
          warnings: calm,
          along: [],
          apart: [],
        }),
      ),
      few: group(activities.few(activity(), 2, 4)),
      fewForSeveral: group(activities.fewForSeveral(activity(), 1, 2)),
      already: group(
        activities.already(activity(), row(), 0),
        activities.already(full, forMother, 2),
        activities.already(full, row({ status: 'held' }), 0),
      ),
      otherNumber: group(activities.otherNumber(activity(), row(), 3)),
      counted: group(activities.counted(activity(), row())),
      resized: group(activities.resized(activity(), row({ people: 3 }), 2)),
      cannotGrow: group(activities.cannotGrow(activity())),
      which: group(
        activities.which('王强', [
          { member: 'M1', name: '王强', grid: '三组', head: '王大明' },
          { member: 'M2', name: '王强', grid: '四组', head: null },
        ]),
      ),
      noActivities: group(activities.noActivities),
      list: group(activities.list(several, 2), activities.list([full], 0)),
      pick: group(activities.pick(several, 3, now)),
      pickOnly: group(activities.pickOnly(activity())),
      pickAgain: group(activities.pickAgain(several, now)),
      pickAmong: group(activities.pickAmong(several.slice(0, 2), now)),
      notSigned: group(activities.notSigned),
      unchanged: group(activities.unchanged),
      nothingMine: group(activities.nothingMine),
      mine: group(
        activities.mine('M1', [mine(), mine({ position: 2, activity: full }), mine({ row: forMother })], 1, [
          mine({ row: row({ name: '李芳' }) }),
        ]),
        activities.mine('M1', [], 0, [mine()]),
      ),
      pickMine: group(
        activities.pickMine(
          'M1',
          five.map(() => mine()),
        ),
      ),
      notMine: group(activities.notMine(activity())),
      cancelled: group(activities.cancelled(activity(), row()), activities.cancelled(activity(), forMother)),
      childrenAlone: group(activities.childrenAlone(['王小明', '王小妹'])),
      childrenCancelled: group(activities.childrenCancelled(activity(), ['王小明'])),
      childrenStay: group(activities.childrenStay),
      undone: group(activities.undone(activity(), row())),
      restored: group(activities.restored(activity(), forMother)),
      seatGone: group(activities.seatGone(activity())),
      requeued: group(activities.requeued(activity(), row(), 3)),
      offer: group(activities.offer(activity(), row()), activities.offer(activity(), forMother)),
      accepted: group(activities.accepted(activity(), row()), activities.accepted(activity(), forMother)),
      refused: group(activities.refused(activity())),
      late: group(activities.late(activity())),
      noOffer: group(activities.noOffer),
      whichOffer: group(activities.whichOffer([mine(), mine({ activity: full })], true)),
      checkedIn: group(
        activities.checkedIn(activity(), ['王大明', '李芳'], false),
        activities.checkedIn(activity(), ['王大明'], true),
      ),
      call: group(activities.call(activity()), activities.call(activity({ jielong: true }))),
      rescheduled: group(
        activities.rescheduled(activity({ startsAt: at('2026-03-22T09:00:00') }), {
          startsAt: at('2026-03-21T08:30:00'),
          reason: '下雨',
        }) + activities.onBehalf(['朱玉兰']),
      ),
      activityCancelled: group(activities.activityCancelled(activity())),
      onBehalf: group(activities.onBehalf(['朱玉兰', '王小明'])),
      faults: told(activities.faults),
    },
  },
  'activities.cadres': {
    module: cadres,
    of: {
      elsewhere: group(cadres.elsewhere),
      howToCreate: staff(cadres.howToCreate),
      unknownRange: staff(cadres.unknownRange),
      createPreview: staff(
        cadres.createPreview({ ...activity({ minimum: 5 }), capacity: 15, rooms: ['三组', '四组'] }),
        cadres.createPreview({
          ...activity({ meet: null, bring: [], minAge: null, deadline: null }),
          capacity: 15,
          rooms: [],
        }),
      ),
      created: staff(cadres.created(activity()), cadres.created(activity({ checkinCode: null }))),
      tooFew: staff(
        cadres.tooFew(activity({ minimum: 8 }), 3),
        cadres.tooFew(activity({ minimum: 8, deadline: null }), 0),
      ),
      howToReschedule: staff(cadres.howToReschedule),
      reschedulePreview: staff(
        cadres.reschedulePreview(activity(), at('2026-03-22T09:00:00'), at('2026-03-22T11:00:00'), 8),
      ),
      rescheduledNow: staff(cadres.rescheduledNow(activity())),
      howToCallOff: staff(cadres.howToCallOff),
      callOffPreview: staff(cadres.callOffPreview(activity(), 8)),
      calledOffNow: staff(cadres.calledOffNow(activity())),
      unknownActivity: staff(cadres.unknownActivity),
      roster: staff(
        cadres.roster(activity(), [
          { number: 1, name: '王大明', people: 2, along: ['李芳'], by: null, waits: false, alone: true },
          { number: 2, name: '朱玉兰', people: 1, along: [], by: '王大明', waits: true, alone: false },
        ]),
        cadres.roster(activity(), []),
      ),
      howToCallRoll: staff(cadres.howToCallRoll),
      rollPreview: staff(cadres.rollPreview(activity(), ['王大明', '李芳'])),
      rollCalled: staff(cadres.rollCalled(activity(), ['王大明', '李芳'])),
    },
  },
  feedback: {
    module: feedback,
    of: {
      filed: group(
        feedback.filed({ ...line, hasImages: false }, 312),
        feedback.filed({ ...line, hasImages: true, handler: null }, null),
      ),
      filedConduct: direct(feedback.filedConduct({ ...line, category: '干部作风', gist: null })),
      filedQuietly: group(feedback.filedQuietly()),
      askWhat: direct(feedback.askWhat()),
      added: group(feedback.added(315, 1, true), feedback.added(315, 0, false)),
      addedQuietly: group(feedback.addedQuietly()),
      merged: group(feedback.merged(312, line)),
      keptApart: group(feedback.keptApart(315)),
      progress: group(
        ...states.map((status) => feedback.progress([{ ...line, status }])),
        feedback.progress([{ ...line, mergedInto: 312 }]),
        feedback.progress([]),
      ),
      rated: group(feedback.rated(315, 5), feedback.rated(315, null)),
      reopened: group(
        feedback.reopened(315, line.due, false, false),
        feedback.reopened(315, line.due, true, false),
        feedback.reopened(315, line.due, true, true),
      ),
      whichToRate: group(feedback.whichToRate(five.map(() => line))),
      nothingToRate: group(feedback.nothingToRate()),
      askScore: group(feedback.askScore(315)),
      undone: group(...Object.values(feedback.undone).map((say) => say(315))),
      news: group(
        feedback.news.resolved(315, null),
        feedback.news.rejected(315, null),
        feedback.news.transferred(315, null),
        feedback.news.resolved(315, line.outcome),
        feedback.news.rejected(315, '不归村里管'),
        feedback.news.transferred(315, '要供电所来办'),
        feedback.news.filed(315, line.due),
      ),
      faults: told(feedback.faults),
    },
  },
  'feedback.cadres': {
    module: feedbackCadres,
    of: {
      office: staff(
        feedbackCadres.office(
          [line],
          five.map(() => line),
          12,
        ),
      ),
      duty: staff(...Object.values(feedbackCadres.duty).map((say) => say(line))),
      preview: staff(
        ...works.map((work) => feedbackCadres.preview(work, line, { note: '已换灯泡', name: '许才', days: 2 })),
      ),
      handled: staff(...works.map((work) => feedbackCadres.handled(work, line, '许才'))),
      notDone: staff(feedbackCadres.notDone()),
      whichAssignee: staff(feedbackCadres.whichAssignee(['王强(三组)', '王强(四组)'])),
      noAssignee: staff(feedbackCadres.noAssignee()),
      elsewhere: group(feedbackCadres.elsewhere()),
      needsNote: staff(...works.map((work) => feedbackCadres.needsNote(work))),
    },
  },
  'feedback.parts': {
    module: feedbackParts,
    of: {
      ticket: group(feedbackParts.ticket(315)),
      gist: group(feedbackParts.gist('三组坎下那盏路灯又不亮了 娃儿晚上放学黑得很 走路都看不见')),
      deadline: group(feedbackParts.deadline(line.due)),
      because: group(`已办好${feedbackParts.because('换了灯泡')}`),
      line: group(...states.map((status) => feedbackParts.line({ ...line, status }))),
    },
  },
  grid: {
    module: grid,
    of: {
      officer: group(
        grid.officer({ grid: '三组', name: '吴玉', as: '网格员', of: '三组', phone: '023-12345678' }),
        grid.officer({ grid: '三组', name: '吴玉', as: '值班', of: '三组', phone: null }),
        grid.officer({ grid: '三组', name: '萧才', as: '村主任', of: null, phone: null }),
      ),
      which: group(grid.which(['一组', '二组', '三组', '四组', '五组', '六组'])),
      nobody: group(grid.nobody),
      noGrids: group(grid.noGrids),
      faults: told(grid.faults),
    },
  },
  members: {
    module: members,
    of: {
      bound: group(members.bound('王大明')),
      noCode: group(members.noCode),
      issued: staff(members.issued({ name: '王大明', grid: '三组', code: '507318', validUntil: line.due })),
      noName: staff(members.noName),
      unknownName: staff(members.unknownName),
      inPrivate: group(members.inPrivate),
      whichMember: staff(
        members.whichMember([
          { grid: '三组', household: 'H012' },
          { grid: '四组', household: 'H071' },
        ]),
      ),
      elsewhere: group(members.elsewhere),
      noPlace: staff(members.noPlace),
      unknownPlace: staff(members.unknownPlace),
      whoIsWho: staff(
        members.whoIsWho({
          room: '三组村民群',
          found: [{ number: 1, name: '王大明', household: 'H012', again: false }],
          alike: 0,
        }),
        members.whoIsWho({
          room: '三组村民群',
          found: Array.from({ length: 40 }, (_, at) => ({
            number: at + 1,
            name: '王大明',
            household: 'H012',
            again: at < 2,
          })),
          alike: 3,
        }),
        members.whoIsWho({ room: '三组村民群', found: [], alike: 2 }),
      ),
      noList: staff(members.noList),
      boundAll: staff(members.boundAll(['王大明', '李芳'], [3]), members.boundAll([], [1, 2])),
      unboundAll: staff(members.unboundAll(['王大明']), members.unboundAll([])),
      stopped: group(members.stopped),
      resumed: group(members.resumed),
      faults: told(members.faults),
    },
  },
  notices: {
    module: notices,
    of: {
      broadcast: group(notices.broadcast(notice), notices.broadcast({ ...notice, kind: 'urgent', title: '防汛' })),
      counted: direct(notices.counted('停水')),
      countedBefore: direct(notices.countedBefore('停水')),
      noted: direct(notices.noted),
      countedNothing: direct(notices.countedNothing),
      countedUnbound: direct(notices.countedUnbound),
      list: group(
        notices.list(
          five.map(() => ({ ...notice, saidAt: now })),
          now,
        ),
        notices.list([], now),
      ),
      waiting: staff(notices.waiting([notice, { number: 13, title: '体检' }])),
      unknown: group(notices.unknown),
      preview: staff(
        notices.preview(notice, count, { at: at('2026-03-21T08:00:00'), repeat: null }),
        notices.preview({ ...notice, kind: 'urgent' }, count, { at: null, repeat: null }),
        notices.preview(notice, count, { at: at('2026-03-23T08:00:00'), repeat: '每周一8:00' }),
      ),
      form: staff(notices.form),
      submitted: staff(notices.submitted(notice)),
      goesOut: staff(notices.goesOut(notice)),
      goesOutAt: staff(notices.goesOutAt(notice, at('2026-03-21T08:00:00'))),
      notSent: staff(notices.notSent),
      approved: staff(
        notices.approved(notice, null, false),
        notices.approved(notice, at('2026-03-19T07:00:00'), false),
        notices.approved(notice, null, true),
      ),
      rejected: staff(notices.rejected(notice)),
      stopped: staff(notices.stopped(notice)),
      pleaseReview: staff(
        notices.pleaseReview(notice, '萧才'),
        notices.pleaseReview({ ...notice, kind: 'urgent' }, '萧才'),
      ),
      cameBack: staff(notices.cameBack(notice, '时间写错了'), notices.cameBack(notice, '')),
      unsaid: staff(
        ...['draft', 'in-review', 'approved', 'sending', 'sent', 'cancelled'].map((state) =>
          notices.unsaid({ ...notice, state, sayAt: at('2026-03-19T07:00:00') }, count),
        ),
      ),
      reach: staff(
        notices.reach({
          notice: { ...notice, state: 'sent', saidAt: now, approvedBy: 'M7' },
          people: 40,
          peopleAnswered: 20,
          households: 18,
          householdsAnswered: 9,
          rooms: [{ room: '三组', households: 10, answered: 5 }],
          directs: { said: 3, leftOut: 1 },
          notSaid: { rooms: ['四组'], directs: 1 },
          silent: ['王大明', '吕勇'],
          unreached: ['唐正'],
        }),
      ),
      elsewhere: group(notices.elsewhere),
      rangeUnknown: staff(notices.rangeUnknown('月球')),
      timeUnknown: staff(notices.timeUnknown),
      repeatUnknown: staff(notices.repeatUnknown),
      variableUnknown: staff(notices.variableUnknown(['{性别}'])),
      faults: told(notices.faults),
    },
  },
  policies: {
    module: policies,
    of: {
      card: group(
        policies.card({
          title: '高龄津贴',
          summary: '本村户口满80岁的老人每月可以领高龄津贴,满90岁再多一些,按月打到社保卡上。',
          materials: ['身份证', '户口本', '社保卡'],
          contact: '村便民服务室',
          deadline: '2026-12-31',
          validFrom: '2026-01-01',
          sample: true,
        }),
      ),
      which: group(policies.which(['高龄津贴', '护理补贴', '临时救助', '大病救助', '养老认证'])),
      categories: group(policies.categories(['医保', '养老', '住房'])),
      none: group(policies.none),
      unknown: group(policies.unknown),
      gone: group(policies.gone),
    },
  },
  registry: {
    module: registry,
    of: {
      fault: {
        to: 'console',
        texts: [
          registry.fault({ file: 'members.csv', line: 5, column: '出生年月', code: 'bad-month', facts: {} }),
          registry.fault({
            file: 'members.csv',
            line: 5,
            column: '6',
            code: 'unreadable',
            facts: { table: 'table.bad-bytes' },
          }),
        ],
      },
      report: {
        to: 'console',
        texts: [
          registry.report({
            ok: false,
            dryRun: false,
            faults: [{ file: 'grids.csv', line: 2, column: '上级', code: 'grid-cycle', facts: {} }],
            counts: null,
            headless: [],
          }),
        ],
      },
    },
  },
  reminders: {
    module: reminders,
    of: {
      activityReminder: group(
        reminders.activityReminder([{ activity: activity(), names: [], who: [] }], at('2026-03-20T18:00:00')),
        reminders.activityReminder([{ activity: activity(), names: ['朱玉兰'], who: [] }], at('2026-03-21T06:30:00')),
        reminders.activityReminder(
          [
            { activity: activity(), names: [], who: five.map(() => '王大明') },
            { activity: activity(), names: [], who: [...five, ...five].map(() => '王大明') },
          ],
          at('2026-03-20T18:00:00'),
        ),
      ),
    },
  },
  talk: {
    module: talk,
    of: {
      menu: group(talk.menu('小溪')),
      fallback: group(talk.fallback),
      courtesy: group(talk.courtesy),
      unreadable: group(talk.unreadable),
      photo: direct(talk.photo),
      expired: direct(talk.expired),
      ended: group(talk.ended),
      greeting: direct(talk.greeting('小溪')),
      nothingToUndo: group(talk.nothingToUndo),
      tooLateToUndo: group(talk.tooLateToUndo),
      recalled: group(talk.recalled),
      tooLong: group(talk.tooLong),
      missed: group(
        talk.missed(at('2026-03-18T09:30:00'), at('2026-03-18T10:00:00'), '2026-03-18'),
        talk.missed(at('2026-03-18T22:00:00'), at('2026-03-19T06:40:00'), '2026-03-19'),
      ),
      backAgain: staff(talk.backAgain(at('2026-03-18T09:30:00'), at('2026-03-18T10:00:00'), '2026-03-18')),
      alarm: staff(talk.alarm(at('2026-03-18T22:00:00'), at('2026-03-19T06:40:00'))),
      handedOver: group(talk.handedOver('吴玉')),
      handedOverLater: group(talk.handedOverLater('吴玉', at('2026-03-19T09:00:00'))),
      nobody: group(talk.nobody),
      please: staff(talk.please('王大明')),
      general: group(talk.general),
      faults: told(talk.faults),
    },
  },
};
