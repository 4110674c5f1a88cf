import { village, type Actor } from '../shared/access.ts';
import { isAppError } from '../shared/errors.ts';
import { nobody, previewOf, type Preview } from './notices.audience.ts';
import { faults } from './notices.errors.ts';
import { noticeApproved, noticeSubmitted } from './notices.events.ts';
import type { Audience, Notice } from './notices.model.ts';
import type { Recurrence } from './notices.schedule.ts';
import { authorOf, type Inside } from './notices.parts.ts';
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
   * .room-unknown, .grid-unknown, .person-unknown, .key-taken (somebody else's).
   */
  send(actor: Actor, input: NoticeInput): Promise<Notice>;
  /** Its author hands in a draft, changed or not; also changes what still waits. Errors as `send`, notices.over. */
  submit(actor: Actor, notice: string, changes?: Partial<Pick<NoticeInput, 'title' | 'text' | 'at'>>): Promise<Notice>;
}

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
  const { notices, audiences, clock, times } = inside;

  const urgent = (notice: Pick<Notice, 'kind'>): boolean => notice.kind === 'urgent';

  async function examine(audience: Audience, input: NoticeInput): Promise<Preview> {
    checkText(input.title, input.text);
    for (const person of audience.members) {
      const known = (await inside.members.get(person)) ?? (await inside.members.contactOf(person));
      if (known === null) throw faults.personUnknown();
    }
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
      if (found.createdBy !== authorOf(actor)) throw faults.taken();
      return found;
    };
    const there = await notices.get(id);
    if (there !== null) return mine(there);
    const title = input.title.trim();
    const text = input.text.trim();
    await examine(audience, { ...input, title, text });
    const goesOut = state === 'in-review' && input.kind === 'urgent';
    const wanted = await times.wantedAt(input);
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
      createdBy: authorOf(actor),
      createdAt: clock.now(),
      approvedBy: null,
      approvedAt: null,
      approvedAfterwards: false,
      rejected: null,
      cancelledBy: null,
      wantedAt: wanted,
      sayAt: goesOut ? await times.dueAt({ kind: input.kind, wantedAt: wanted, repeat }) : null,
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

  const verbs: AuthoringVerbs = {
    async preview(input, kind) {
      return previewOf(await audiences.resolve({ ...nobody, ...audienceOf(input) }, kind === 'urgent'));
    },
    async check(actor, input) {
      const audience = audienceOf(input);
      await entitled(actor, audience, input.kind);
      const firstAt = await times.wantedAt(input);
      const count = await examine(audience, { ...input, title: input.title.trim(), text: input.text.trim() });
      return { count, firstAt };
    },
    draft: (actor, input) => write(actor, input, 'draft'),
    send: (actor, input) => write(actor, input, 'in-review'),
    async submit(actor, id, changes = {}) {
      const notice = await inside.must(id);
      // Somebody else's text under this author's name could be approved by whoever wrote it.
      if (notice.createdBy !== authorOf(actor)) throw faults.denied();
      await entitled(actor, notice.audience, notice.kind);
      if (!['draft', 'in-review'].includes(notice.state)) throw faults.over(notice.number, notice.state);
      const title = (changes.title ?? notice.title).trim();
      const text = (changes.text ?? notice.text).trim();
      checkText(title, text);
      const same = title === notice.title && text === notice.text && changes.at === undefined;
      if (notice.state === 'in-review' && same) return notice;
      const wanted =
        changes.at === undefined
          ? notice.wantedAt
          : await times.wantedAt({ at: changes.at, repeat: notice.repeat ?? undefined });
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
            sayAt: out ? await times.dueAt({ ...notice, wantedAt: wanted }) : null,
            rejected: null,
          },
          $inc: { version: 1 },
        },
        { emit: [(out ? noticeApproved : noticeSubmitted)(`${id}:${version}`, { notice: id })] },
      );
      return changed ?? verbs.submit(actor, id, changes);
    },
  };
  return verbs;
}
