import { village, type Actor } from '../shared/access.ts';
import { quietShift } from '../shared/calendar/index.ts';
import { isAppError } from '../shared/errors.ts';
import { nobody, previewOf, type Preview } from './notices.audience.ts';
import { faults } from './notices.errors.ts';
import { noticeApproved, noticeCancelled, noticeRejected, noticeSubmitted } from './notices.events.ts';
import type { Audience, Notice } from './notices.model.ts';
import { nextTime, type Recurrence } from './notices.schedule.ts';
import type { Inside } from './notices.parts.ts';
import { unknownVariables } from './notices.text.ts';

/** What a cadre hands in. */
export interface NoticeInput {
  /** Its id, where the caller has one; the same key again is the same notice. */
  readonly key?: string | undefined;
  readonly kind: 'normal' | 'urgent';
  readonly title: string;
  readonly text: string;
  readonly rooms?: readonly string[] | undefined;
  /** Persons whose direct chats get it. */
  readonly direct?: readonly string[] | undefined;
  readonly grids?: readonly string[] | undefined;
  readonly households?: readonly string[] | undefined;
  readonly roles?: readonly string[] | undefined;
  readonly tags?: readonly string[] | undefined;
  /** Not before then. */
  readonly at?: Date | undefined;
  readonly repeat?: Recurrence | undefined;
  /** The inbox id of the message that sent it. */
  readonly from?: string | undefined;
}

export type AudienceInput = Pick<NoticeInput, 'rooms' | 'direct' | 'grids' | 'households' | 'roles' | 'tags'>;

export const limits = { title: 40, text: 800 } as const;

export interface AuthoringVerbs {
  /** Who would get it now, exactly. Errors: notices.room-unknown, notices.grid-unknown. */
  preview(audience: AudienceInput, kind: Notice['kind']): Promise<Preview>;
  /** Everything that `send` would refuse, without writing anything; else the exact count and the first time. */
  check(actor: Actor, input: NoticeInput): Promise<{ count: Preview; firstAt: Date | null }>;
  /** Keeps a text without handing it in. Errors as `send`. */
  draft(actor: Actor, input: NoticeInput): Promise<Notice>;
  /**
   * Hands it in: a normal notice waits for a second person, an urgent one goes out. Does so once for a key or `from`.
   * Errors: access.denied, notices.nobody, .text-missing, .text-too-long, .variable-unknown, .time-past,
   * .room-unknown, .grid-unknown, .key-taken (somebody else's).
   */
  send(actor: Actor, input: NoticeInput): Promise<Notice>;
  /** Hands in a draft, with what its author changed; also changes what still waits. Errors as `send`, notices.over. */
  submit(actor: Actor, notice: string, changes?: Partial<Pick<NoticeInput, 'title' | 'text' | 'at'>>): Promise<Notice>;
  /**
   * The second person's yes. In quiet hours it goes out at their end; an urgent one is only confirmed.
   * Errors: notices.not-found, access.denied, notices.own, notices.decided.
   */
  approve(actor: Actor, notice: string): Promise<Notice>;
  /** Back to the author with a reason; an urgent one that is under way is stopped. Errors as `approve`. */
  reject(actor: Actor, notice: string, reason: string): Promise<Notice>;
  /** Its author or who may approve it. What is said stays said. Errors: notices.over once it is all out. */
  cancel(actor: Actor, notice: string): Promise<Notice>;
}

const author = (actor: Actor): string => actor.member ?? 'system';

function audienceOf(input: AudienceInput): Audience {
  const list = (values: readonly string[] | undefined): string[] => [...new Set(values ?? [])];
  return {
    rooms: list(input.rooms),
    members: list(input.direct),
    grids: list(input.grids),
    households: list(input.households),
    roles: list(input.roles),
    tags: list(input.tags),
  };
}

function checkText(title: string, text: string): void {
  if (title.trim() === '' || text.trim() === '') throw faults.textMissing();
  if (title.length > limits.title) throw faults.textTooLong('title', limits.title);
  if (text.length > limits.text) throw faults.textTooLong('text', limits.text);
  const unknown = unknownVariables(`${title}\n${text}`);
  if (unknown.length > 0) throw faults.variableUnknown(unknown.length);
}

export function createAuthoring(inside: Inside): AuthoringVerbs {
  const { notices, audiences, clock } = inside;

  async function must(id: string): Promise<Notice> {
    const found = await notices.get(id);
    if (found === null) throw faults.notFound();
    return found;
  }

  const urgent = (notice: Pick<Notice, 'kind'>): boolean => notice.kind === 'urgent';

  /** When it may be said, given that it is approved now. */
  async function dueAt(notice: Pick<Notice, 'kind' | 'wantedAt' | 'repeat'>): Promise<Date> {
    const { quietHours, marketDays } = await inside.grid.calendar();
    const now = clock.now();
    const missed = notice.wantedAt !== null && notice.wantedAt < now;
    const again = missed && notice.repeat !== null ? nextTime(notice.repeat, now, marketDays) : null;
    const wanted = again ?? notice.wantedAt ?? now;
    const at = wanted > now ? wanted : now;
    return urgent(notice) ? at : quietShift(at, quietHours);
  }

  async function wantedAt(input: Pick<NoticeInput, 'at' | 'repeat'>): Promise<Date | null> {
    const now = clock.now();
    if (input.repeat !== undefined) {
      const first = nextTime(input.repeat, input.at ?? now, (await inside.grid.calendar()).marketDays);
      if (first === null) throw faults.neverAgain();
      return first;
    }
    if (input.at !== undefined && input.at < now) throw faults.timePast();
    return input.at ?? null;
  }

  async function examine(audience: Audience, input: NoticeInput): Promise<Preview> {
    checkText(input.title, input.text);
    const reached = await audiences.resolve(audience, input.kind === 'urgent');
    if (reached.rooms.length + reached.directs.length === 0) throw faults.nobody();
    return previewOf(reached);
  }

  async function entitled(actor: Actor, audience: Audience, kind: Notice['kind']): Promise<string[]> {
    const scopes = await audiences.scopes(audience);
    await audiences.demand(actor, kind === 'urgent' ? 'notice.urgent' : 'notice.write', scopes);
    return scopes;
  }

  async function write(actor: Actor, input: NoticeInput, state: 'draft' | 'in-review'): Promise<Notice> {
    const id = input.key ?? input.from ?? inside.ids.next();
    const audience = audienceOf(input);
    const scopes = await entitled(actor, audience, input.kind);
    const mine = (found: Notice): Notice => {
      if (found.createdBy !== author(actor)) throw faults.taken();
      return found;
    };
    const there = await notices.get(id);
    if (there !== null) return mine(there);
    const title = input.title.trim();
    const text = input.text.trim();
    await examine(audience, { ...input, title, text });
    const goesOut = state === 'in-review' && input.kind === 'urgent';
    const wanted = await wantedAt(input);
    const repeat = input.repeat ?? null;
    const notice: Notice = {
      _id: id,
      number: await inside.nextNumber(),
      kind: input.kind,
      title,
      text,
      state: goesOut ? 'approved' : state,
      audience,
      scope: scopes.length === 1 ? (scopes[0] ?? village) : village,
      createdBy: author(actor),
      createdAt: clock.now(),
      approvedBy: null,
      approvedAt: null,
      approvedAfterwards: false,
      rejected: null,
      cancelledBy: null,
      wantedAt: wanted,
      sayAt: goesOut ? await dueAt({ kind: input.kind, wantedAt: wanted, repeat }) : null,
      saidAt: null,
      repeat,
      series: repeat === null ? null : { of: id, seq: 1 },
      version: 1,
    };
    const event = goesOut ? noticeApproved : noticeSubmitted;
    try {
      return await notices.insert(notice, state === 'draft' ? {} : { emit: [event(`${id}:1`, { notice: id })] });
    } catch (fault) {
      const other = isAppError(fault, 'store.duplicate') ? await notices.get(id) : null;
      if (other === null) throw fault;
      return mine(other);
    }
  }

  /** An urgent notice that nobody has confirmed yet, wherever it stands. */
  const unconfirmed = (notice: Notice): boolean =>
    urgent(notice) && notice.approvedBy === null && ['approved', 'sending', 'sent'].includes(notice.state);

  async function mayDecide(actor: Actor, notice: Notice): Promise<void> {
    await audiences.demand(actor, 'notice.approve', [notice.scope]);
    if (notice.createdBy === author(actor)) throw faults.own(notice.number);
  }

  /** Null: somebody changed it meanwhile. */
  const stop = (actor: Actor, notice: Notice, more: Partial<Pick<Notice, 'rejected'>> = {}): Promise<Notice | null> =>
    notices.update(
      { _id: notice._id, state: notice.state, version: notice.version },
      { $set: { ...more, state: 'cancelled', cancelledBy: author(actor) }, $inc: { version: 1 } },
      { emit: [noticeCancelled(notice._id, { notice: notice._id })] },
    );

  const verbs: AuthoringVerbs = {
    async preview(input, kind) {
      return previewOf(await audiences.resolve({ ...nobody, ...audienceOf(input) }, kind === 'urgent'));
    },
    async check(actor, input) {
      const audience = audienceOf(input);
      await entitled(actor, audience, input.kind);
      const firstAt = await wantedAt(input);
      const count = await examine(audience, { ...input, title: input.title.trim(), text: input.text.trim() });
      return { count, firstAt };
    },
    draft: (actor, input) => write(actor, input, 'draft'),
    send: (actor, input) => write(actor, input, 'in-review'),
    async submit(actor, id, changes = {}) {
      const notice = await must(id);
      await entitled(actor, notice.audience, notice.kind);
      if (!['draft', 'in-review'].includes(notice.state)) throw faults.over(notice.number, notice.state);
      const title = (changes.title ?? notice.title).trim();
      const text = (changes.text ?? notice.text).trim();
      checkText(title, text);
      const same = title === notice.title && text === notice.text && changes.at === undefined;
      if (notice.state === 'in-review' && same) return notice;
      const wanted = changes.at === undefined ? notice.wantedAt : await wantedAt(changes);
      const out = urgent(notice);
      const version = notice.version + 1;
      const changed = await notices.update(
        { _id: id, state: notice.state, version: notice.version },
        {
          $set: {
            title,
            text,
            state: out ? 'approved' : 'in-review',
            wantedAt: wanted,
            sayAt: out ? await dueAt({ ...notice, wantedAt: wanted }) : null,
            rejected: null,
          },
          $inc: { version: 1 },
        },
        { emit: [(out ? noticeApproved : noticeSubmitted)(`${id}:${version}`, { notice: id })] },
      );
      return changed ?? verbs.submit(actor, id, changes);
    },
    async approve(actor, id) {
      const notice = await must(id);
      await mayDecide(actor, notice);
      if (notice.approvedBy === author(actor)) return notice;
      const decision = { approvedBy: author(actor), approvedAt: clock.now() };
      const guard = { _id: id, state: notice.state, version: notice.version };
      if (unconfirmed(notice)) {
        const confirmed = await notices.update(
          { ...guard, approvedBy: null },
          { $set: { ...decision, approvedAfterwards: true } },
        );
        return confirmed ?? verbs.approve(actor, id);
      }
      if (notice.state !== 'in-review') throw faults.decided(notice.number, notice.state);
      const changed = await notices.update(
        guard,
        { $set: { ...decision, state: 'approved', sayAt: await dueAt(notice), rejected: null }, $inc: { version: 1 } },
        { emit: [noticeApproved(`${id}:${notice.version + 1}`, { notice: id })] },
      );
      return changed ?? verbs.approve(actor, id);
    },
    async reject(actor, id, reason) {
      const notice = await must(id);
      await mayDecide(actor, notice);
      const rejected = { by: author(actor), reason: reason.trim(), at: clock.now() };
      if (notice.rejected?.by === rejected.by && ['draft', 'cancelled'].includes(notice.state)) return notice;
      if (unconfirmed(notice) && notice.state !== 'sent') {
        return (await stop(actor, notice, { rejected })) ?? verbs.reject(actor, id, reason);
      }
      if (notice.state !== 'in-review') throw faults.decided(notice.number, notice.state);
      const changed = await notices.update(
        { _id: id, state: 'in-review', version: notice.version },
        { $set: { state: 'draft', rejected }, $inc: { version: 1 } },
        { emit: [noticeRejected(`${id}:${notice.version + 1}`, { notice: id })] },
      );
      return changed ?? verbs.reject(actor, id, reason);
    },
    async cancel(actor, id) {
      const notice = await must(id);
      if (notice.createdBy !== author(actor)) await audiences.demand(actor, 'notice.approve', [notice.scope]);
      if (notice.state === 'cancelled') return notice;
      if (notice.state === 'sent') throw faults.over(notice.number, notice.state);
      return (await stop(actor, notice)) ?? verbs.cancel(actor, id);
    },
  };
  return verbs;
}
