import { z } from 'zod';
import { roles } from '../shared/access.ts';
import { declare } from '../platform/store/port.ts';
import { erasures } from './erasures.model.ts';

/** An encrypted value beside its keyed digest for look-up (architecture.md, "Private things"). */
export const sealed = z.object({ keyId: z.string(), cipher: z.string(), digest: z.string() });

/** A person in the registry (村民). `_id` is the village's own number (编号). */
export const members = declare(
  'members',
  z.object({
    _id: z.string(),
    name: z.string(),
    sex: z.enum(['男', '女']).nullable(),
    /** `YYYY-MM`, or null when unknown. */
    born: z.string().nullable(),
    household: z.string(),
    /** 与户主关系: 户主, 配偶, 子, 女, … */
    relation: z.string(),
    grid: z.string(),
    tags: z.array(z.string()),
    /** The nickname the registry knows; says that the person uses WeChat, never who is who. */
    nickname: z.string().nullable(),
    phone: sealed.nullable(),
    registeredAt: z.date(),
  }),
  {
    household: { fields: ['household'] },
    grid: { fields: ['grid'] },
    name: { fields: ['name'] },
    phone: { fields: ['phone.digest'] },
    tags: { fields: ['tags'] },
  },
);
export type Member = z.infer<typeof members.schema>;

/** Members at one address (户). */
export const households = declare(
  'households',
  z.object({ _id: z.string(), grid: z.string(), registeredAt: z.date() }),
  { grid: { fields: ['grid'] } },
);

/** A role granted by someone, for a scope and a period. `_id` = `member:role:scope`. */
export const grants = declare(
  'grants',
  z.object({
    _id: z.string(),
    member: z.string(),
    role: z.enum(roles),
    /** `village` or a grid id. */
    scope: z.string(),
    grantedBy: z.string(),
    from: z.date(),
    to: z.date().nullable(),
    /** Who ended it: a member, `import` when the registry file no longer lists the role, or `erasure`. */
    endedBy: z.string().nullable(),
  }),
  { member: { fields: ['member'] }, role: { fields: ['role', 'scope'] } },
);
export type GrantRow = z.infer<typeof grants.schema>;

/**
 * Which WeChat contact is which member. `_id` = `wechat:<contact id>`. Contact ids may change at a login: the member's
 * next contact then supersedes this one, which is nobody from then on.
 */
export const identities = declare(
  'identities',
  z.object({
    _id: z.string(),
    contact: z.string(),
    member: z.string(),
    how: z.enum(['code', 'cadre', 'import']),
    /** Who confirmed it; the member itself for a code. */
    by: z.string(),
    /** The message that bound it, if one did. */
    from: z.string().nullable(),
    boundAt: z.date(),
    /** The contact that took its place; kept, so that what was done under it is found at an erasure. */
    supersededBy: z.string().exactOptional(),
  }),
  { member: { fields: ['member'] } },
);
export type Identity = z.infer<typeof identities.schema>;

/** One-time codes (绑定口令). `_id` = the code. */
export const bindCodes = declare(
  'bindCodes',
  z.object({
    _id: z.string(),
    member: z.string(),
    validUntil: z.date(),
    usesLeft: z.number().int(),
    /** The contacts that used it: makes a repeated use by the same contact harmless. */
    usedBy: z.array(z.string()),
    /** The messages that used it: what a crash cut is finished when the message is taken up again. */
    usedFrom: z.array(z.string()),
    by: z.string(),
    /** The message or request that asked for it, so that it is issued once. */
    from: z.string().nullable(),
  }),
  { member: { fields: ['member'] }, from: { fields: ['from'] }, validUntil: { fields: ['validUntil'] } },
);
export type BindCode = z.infer<typeof bindCodes.schema>;

/** A wrong code. `_id` = the message that brought it. */
export const bindTries = declare('bindTries', z.object({ _id: z.string(), contact: z.string(), at: z.date() }), {
  contact: { fields: ['contact', 'at'] },
  at: { fields: ['at'] },
});

/**
 * Who in a room seems to be whom, for a cadre to confirm. `_id` = the message or request that asked.
 * open → confirming (numbers chosen; finished after a crash) → done; an open one lapses after seven days.
 */
export const bindLists = declare(
  'bindLists',
  z.object({
    _id: z.string(),
    grid: z.string(),
    by: z.string(),
    createdAt: z.date(),
    state: z.enum(['open', 'confirming', 'done']),
    items: z.array(
      z.object({
        contact: z.string(),
        /** The name shown in the room. */
        shown: z.string(),
        /** Whose full name it is, when exactly one unbound member of the grid bears it. */
        member: z.string().nullable(),
        /** Members with that nickname: for the cadre to look at, never bound from here. */
        hints: z.array(z.string()),
        /** The member's contacts so far, of which none is in the room any more: confirming supersedes them. */
        replaces: z.array(z.string()).exactOptional(),
      }),
    ),
    /** Numbers (from 1) that were confirmed, by whom and from what. */
    chosen: z.array(z.number().int()),
    confirmedBy: z.string().nullable(),
    confirmedFrom: z.string().nullable(),
  }),
  { state: { fields: ['state', 'createdAt'] } },
);
export type BindList = z.infer<typeof bindLists.schema>;

export const purposes = ['个人信息处理', '群内点名', '公示', '照片', '订阅消息'] as const;

/** What somebody agreed to, in which wording; kept as evidence after it was withdrawn. `_id` = `member:purpose:from`. */
export const consents = declare(
  'consents',
  z.object({
    _id: z.string(),
    member: z.string(),
    purpose: z.enum(purposes),
    /** Version of the wording. */
    version: z.string(),
    givenAt: z.date(),
    withdrawnAt: z.date().nullable(),
  }),
  { member: { fields: ['member', 'purpose'] } },
);
export type Consent = z.infer<typeof consents.schema>;

/** Who was shown a personal number, and when. */
export const phoneReveals = declare(
  'phoneReveals',
  z.object({ _id: z.string(), member: z.string(), by: z.string(), at: z.date() }),
  { member: { fields: ['member', 'at'] } },
);

/** Who said 退订. `_id` = person key. No row: subscribed. */
export const optOuts = declare('optOuts', z.object({ _id: z.string(), since: z.date(), from: z.string() }));

/** Every collection of this capability. */
export const membersCollections = [
  members,
  households,
  grants,
  identities,
  bindCodes,
  bindTries,
  bindLists,
  consents,
  phoneReveals,
  optOuts,
  erasures,
] as const;
