import { isIPv6 } from 'node:net';
import type { Context } from 'koa';
import { AppError } from '../shared/errors.ts';
import type { Members } from '../members/index.ts';
import { csrfOf, deviceMs, longestMs, sameToken, type SignedIn, type Staff } from '../staff/index.ts';
import type { HttpOptions } from './http.port.ts';
import type { Signed } from './route.ts';

/** The session's and the browser's cookies: HttpOnly, SameSite=Strict, and bound to this host over TLS. */
export interface Cookies {
  session(ctx: Context): string | null;
  device(ctx: Context): string | null;
  give(ctx: Context, signedIn: SignedIn): void;
  clear(ctx: Context): void;
}

export function createCookies({ cookieSecure }: Pick<HttpOptions, 'cookieSecure'>): Cookies {
  const prefix = cookieSecure ? '__Host-cunkou' : 'cunkou';
  const [session, device] = [prefix, `${prefix}-device`];
  const line = (name: string, value: string, seconds: number): string =>
    `${name}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${cookieSecure ? '; Secure' : ''}`;
  const read = (ctx: Context, name: string): string | null => {
    for (const part of (ctx.headers.cookie ?? '').split(';')) {
      const [key, value = ''] = part.trim().split('=');
      if (key === name) return /^[\w-]{20,100}$/.test(value) ? value : null;
    }
    return null;
  };
  return {
    session: (ctx) => read(ctx, session),
    device: (ctx) => read(ctx, device),
    give(ctx, signedIn) {
      ctx.append('Set-Cookie', line(session, signedIn.token, longestMs / 1000));
      ctx.append('Set-Cookie', line(device, signedIn.device, deviceMs / 1000));
    },
    clear(ctx) {
      ctx.append('Set-Cookie', line(session, '', 0));
    },
  };
}

/**
 * Whose wrong passwords count together: an address, and of IPv6 the first 64 bits, in which one customer has as many
 * addresses as they like.
 */
export function networkOf(ip: string): string {
  const plain = ip.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  if (!isIPv6(plain)) return plain;
  const [head = '', tail = ''] = plain.split('::');
  const [first, last] = [head, tail].map((part) => (part === '' ? [] : part.split(':')));
  const zeros = Array.from({ length: Math.max(0, 8 - (first?.length ?? 0) - (last?.length ?? 0)) }, () => '0');
  const groups = [...(first ?? []), ...(plain.includes('::') ? zeros : []), ...(last ?? [])];
  return groups
    .slice(0, 4)
    .map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''))
    .join(':');
}

const unsafe = (ctx: Context): boolean => !['GET', 'HEAD', 'OPTIONS'].includes(ctx.method);

/** Refuses what another site's page sends. Errors: http.origin 403. */
export function checkOrigin(ctx: Context, { cookieSecure }: Pick<HttpOptions, 'cookieSecure'>): void {
  if (!unsafe(ctx)) return;
  const origin = ctx.get('Origin');
  const site = ctx.get('Sec-Fetch-Site');
  if (site !== '' && site !== 'same-origin' && site !== 'none') throw new AppError('http.origin', 403);
  // Programs send none; browsers always do.
  if (origin === '') return;
  const { host, protocol } = URL.canParse(origin) ? new URL(origin) : { host: '', protocol: '' };
  const tls = protocol === 'https:' || (!cookieSecure && protocol === 'http:');
  if (host === '' || host !== ctx.host || !tls) throw new AppError('http.origin', 403);
}

/** Who is signed in. Errors: http.signed-out 401, http.csrf 403 for an unsafe request without its token. */
export function createGuard(deps: { staff: Staff; members: Pick<Members, 'actor'>; cookies: Cookies }) {
  const { staff, members, cookies } = deps;
  return async (ctx: Context): Promise<Signed> => {
    const token = cookies.session(ctx);
    const session = token === null ? null : await staff.session(token);
    if (token === null || session === null) throw new AppError('http.signed-out', 401);
    if (unsafe(ctx) && !sameToken(ctx.get('X-CSRF-Token'), csrfOf(token))) throw new AppError('http.csrf', 403);
    const actor = await members.actor(session.member);
    // Gone from the registry: nobody is behind the account.
    if (actor.member === null) throw new AppError('http.signed-out', 401);
    return { actor, member: actor.member, session, token };
  };
}
