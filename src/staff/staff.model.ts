import { z } from 'zod';
import { declare } from '../platform/store/port.ts';

/** A sign-in of a staff member. `_id` = the folded name. */
export const accounts = declare(
  'staffAccounts',
  z.object({
    _id: z.string(),
    /** As written. */
    name: z.string(),
    member: z.string(),
    /** Argon2id in PHC form. */
    hash: z.string(),
    state: z.enum(['active', 'closed']),
    /** Who invited: a member, or `system` for the first admin. */
    invitedBy: z.string(),
    /** The set-up token (its digest) that made it or last changed its password. */
    madeFrom: z.string(),
    createdAt: z.date(),
    signedInAt: z.date().nullable(),
  }),
  { member: { fields: ['member'] } },
);
export type Account = z.infer<typeof accounts.schema>;

/** Somebody is signed in. `_id` = digest of the token in the cookie; the token itself is kept nowhere. */
export const sessions = declare(
  'staffSessions',
  z.object({
    _id: z.string(),
    account: z.string(),
    member: z.string(),
    createdAt: z.date(),
    /** Last use, to the minute. */
    seenAt: z.date(),
    /** Moves on with use, never past `endsAt`. */
    expiresAt: z.date(),
    endsAt: z.date(),
  }),
  { account: { fields: ['account'] }, expiresAt: { fields: ['expiresAt'] } },
);
export type Session = z.infer<typeof sessions.schema>;

/** A browser from which this account has signed in before. `_id` = digest of its token and account. */
export const devices = declare(
  'staffDevices',
  z.object({ _id: z.string(), account: z.string(), expiresAt: z.date() }),
  { account: { fields: ['account'] }, expiresAt: { fields: ['expiresAt'] } },
);

/** Wrong passwords in a row. `_id` = digest of whose: neither names nor addresses are kept. */
export const signInTries = declare(
  'signInTries',
  z.object({ _id: z.string(), failures: z.number().int(), until: z.date() }),
  { until: { fields: ['until'] } },
);

/** A one-time link. `_id` = digest of its token. open → claimed (`usedBy`) → done. */
export const setUpTokens = declare(
  'setUpTokens',
  z.object({
    _id: z.string(),
    kind: z.enum(['first-admin', 'invitation']),
    /** Whom the account is for; null: whoever has the first admin's link. */
    member: z.string().nullable(),
    by: z.string(),
    expiresAt: z.date(),
    /** Folded name of the account that it makes. */
    usedBy: z.string().nullable(),
    doneAt: z.date().nullable(),
  }),
  { kind: { fields: ['kind'] }, expiresAt: { fields: ['expiresAt'] } },
);
export type SetUpToken = z.infer<typeof setUpTokens.schema>;

/** Every collection of this capability. */
export const staffCollections = [accounts, sessions, devices, signInTries, setUpTokens] as const;
