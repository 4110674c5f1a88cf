import type { Context } from 'koa';
import { z } from 'zod';
import type { Actor } from '../shared/access.ts';
import type { Session } from '../staff/index.ts';
import { WrongInput, wrongOf, type Wrong } from './problems.ts';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** A request with its session. */
export interface Signed {
  readonly actor: Actor;
  /** The member behind the account. */
  readonly member: string;
  readonly session: Session;
  /** The session's token, from the cookie. */
  readonly token: string;
}

interface Common {
  readonly ctx: Context;
  /**
   * Names what is asked for, so that it is done once: `http:<member>:<Idempotency-Key>`, or the request's id
   * where the client gave no key.
   */
  readonly from: string;
}

/** A request as it comes, before it is checked. */
export interface RawCall extends Common {
  readonly signed: Signed | null;
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

export type Call<P, Q, B> = Common & Signed & { readonly params: P; readonly query: Q; readonly body: B };
export type OpenCall<P, Q, B> = Common & { readonly params: P; readonly query: Q; readonly body: B };

/** A file instead of JSON. */
export interface FileReply {
  readonly type: string;
  readonly bytes: Uint8Array | string;
  /** Saved under that name; else shown. */
  readonly name?: string;
  /** Content-Security-Policy of a page. */
  readonly policy?: string;
}

export interface Reply {
  readonly status: number;
  readonly body: unknown;
  readonly file: FileReply | null;
}

interface Spec<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> {
  readonly method: Method;
  /** Below /api/v1, as in OpenAPI: `/members/{member}`. */
  readonly path: string;
  readonly summary: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** Bytes of the body (1 MB). */
  readonly limit?: number;
  /** Looked at before the body is read. Throws access.denied. */
  readonly demand?: (actor: Actor) => void;
}

type JsonSpec<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType, C> = Spec<P, Q, B> & {
  /** 200 unless told otherwise. */
  readonly status?: 200 | 201;
  /** Absent: nothing is answered (204). */
  readonly reply?: R;
  readonly handle: (call: C) => Promise<z.input<R>>;
};

type FileSpec<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, C> = Spec<P, Q, B> & {
  /** Media types that it may answer with. */
  readonly files: readonly string[];
  readonly handle: (call: C) => Promise<FileReply>;
};

/** One operation of the interface: what it takes, what it gives, and who does it. */
export interface Route {
  readonly method: Method;
  readonly path: string;
  readonly summary: string;
  /** Without a session. */
  readonly open: boolean;
  readonly params: z.ZodType | null;
  readonly query: z.ZodType | null;
  readonly body: z.ZodType | null;
  readonly limit: number;
  readonly demand: ((actor: Actor) => void) | null;
  readonly status: number;
  readonly reply: z.ZodType | null;
  readonly files: readonly string[];
  run(raw: RawCall): Promise<Reply>;
}

export const bodyLimit = 1_000_000;
type None = z.ZodUndefined;
const nothing = z.strictObject({});

/** One part of a request, checked; what is wrong with it is added to `wrong`. */
function read(part: 'params' | 'query' | 'body', raw: RawCall, schema: z.ZodType | undefined, wrong: Wrong[]): unknown {
  if (schema === undefined) return undefined;
  const result = schema.safeParse(raw[part]);
  if (result.success) return result.data;
  wrong.push(...wrongOf(part, result.error));
  return undefined;
}

function check(raw: RawCall, spec: { params?: z.ZodType; query?: z.ZodType; body?: z.ZodType }) {
  const wrong: Wrong[] = [];
  const params = read('params', raw, spec.params, wrong);
  const query = read('query', raw, spec.query ?? nothing, wrong);
  const body = read('body', raw, spec.body, wrong);
  if (wrong.length > 0) throw new WrongInput('http.wrong-input', 422, wrong);
  return { params, query, body };
}

function common<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType>(spec: Spec<P, Q, B>, open: boolean) {
  const { method, path, summary, params = null, query = null, body = null, limit = bodyLimit, demand = null } = spec;
  return { method, path, summary, open, params, query, body, limit, demand };
}

/** What was checked has the types of the schemas that checked it. */
function callOf<C>(raw: RawCall, spec: Spec<z.ZodType, z.ZodType, z.ZodType>, open: boolean): C {
  const { ctx, from, signed } = raw;
  if (!open && signed === null) throw new TypeError('a call without a session');
  return { ctx, from, ...(open ? {} : signed), ...check(raw, spec) } as C;
}

function jsonRoute<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType, C>(
  spec: JsonSpec<P, Q, B, R, C>,
  open: boolean,
): Route {
  const status = spec.reply === undefined ? 204 : (spec.status ?? 200);
  return {
    ...common(spec, open),
    status,
    reply: spec.reply ?? null,
    files: [],
    async run(raw) {
      const answer = await spec.handle(callOf<C>(raw, spec, open));
      return { status, body: spec.reply?.parse(answer) ?? null, file: null };
    },
  };
}

/** For staff who are signed in. Faults of the input are `http.wrong-input` 422 with every place. */
export function route<
  P extends z.ZodType = None,
  Q extends z.ZodType = None,
  B extends z.ZodType = None,
  R extends z.ZodType = z.ZodVoid,
>(spec: JsonSpec<P, Q, B, R, Call<z.output<P>, z.output<Q>, z.output<B>>>): Route {
  return jsonRoute(spec, false);
}

/** For everybody. */
export function openRoute<
  P extends z.ZodType = None,
  Q extends z.ZodType = None,
  B extends z.ZodType = None,
  R extends z.ZodType = z.ZodVoid,
>(spec: JsonSpec<P, Q, B, R, OpenCall<z.output<P>, z.output<Q>, z.output<B>>>): Route {
  return jsonRoute(spec, true);
}

/** Answers with a file, for staff who are signed in. */
export function fileRoute<P extends z.ZodType = None, Q extends z.ZodType = None, B extends z.ZodType = None>(
  spec: FileSpec<P, Q, B, Call<z.output<P>, z.output<Q>, z.output<B>>>,
): Route {
  return {
    ...common(spec, false),
    status: 200,
    reply: null,
    files: spec.files,
    async run(raw) {
      const file = await spec.handle(callOf<Call<z.output<P>, z.output<Q>, z.output<B>>>(raw, spec, false));
      return { status: 200, body: null, file };
    },
  };
}
