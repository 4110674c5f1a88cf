import { z } from 'zod';
import { roles } from '../shared/access.ts';
import { declare } from '../platform/store/port.ts';

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
export type Member = NonNullable<Awaited<ReturnType<typeof members.schema.parse>>>;

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
  }),
  { member: { fields: ['member'] }, role: { fields: ['role', 'scope'] } },
);
export type GrantRow = NonNullable<Awaited<ReturnType<typeof grants.schema.parse>>>;

/** Which WeChat contact is which member. `_id` = `wechat:<contact id>`; contact ids may change at a login. */
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
  }),
  { member: { fields: ['member'] } },
);

/** One-time codes (绑定口令). `_id` = the code. */
export const bindCodes = declare(
  'bindCodes',
  z.object({
    _id: z.string(),
    member: z.string(),
    validUntil: z.date(),
    usesLeft: z.number().int(),
    /** The contacts that used it: makes a repeated use of the same message harmless. */
    usedBy: z.array(z.string()),
    by: z.string(),
  }),
  { member: { fields: ['member'] } },
);

/** Who said 退订. `_id` = person key. No row: subscribed. */
export const optOuts = declare(
  'optOuts',
  z.object({ _id: z.string(), since: z.date(), from: z.string() }),
);
