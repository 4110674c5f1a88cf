import { activities, signups } from '../../src/activities/activities.model.ts';
import { reports } from '../../src/feedback/feedback.model.ts';
import { inbox, outbox, type OutboxRow } from '../../src/messages/messages.model.ts';
import { deliveries, notices } from '../../src/notices/notices.model.ts';
import type { Collection, Declaration, Keyed, Store } from '../../src/platform/store/port.ts';
import { contactOf } from '../support/village.ts';
import { plenty } from './founding.ts';
import type { Ledger, Sent } from './ledger.ts';
import type { Heard } from './phone.ts';

export interface Audit {
  /** What was promised and is not so. Empty. */
  readonly faults: string[];
  /** Messages whose answer comes no more: it was said when the process died, or nobody knows. */
  readonly settled: string[];
  /** Messages of which the store knows nothing: their sender writes again. */
  readonly unwritten: string[];
  readonly unknown: number;
}

const whereOf = ({ room, person }: OutboxRow): string =>
  room === null ? contactOf(person ?? '') : `r-${room}@chatroom`;

async function all<T extends Keyed>(store: Store, declaration: Declaration<T>): Promise<Map<string, T>> {
  const rows: Collection<T> = store.collection(declaration);
  const found = new Map<string, T>();
  for await (const row of rows.stream({})) found.set(row._id, row);
  return found;
}

/** Everything said once: what is marked as said was heard, and what was heard is marked, or nobody knows of it. */
function compareSayings(rows: Iterable<OutboxRow>, heard: readonly Heard[], faults: string[]): void {
  const counts = new Map<string, { sent: number; open: number; heard: number }>();
  const at = (to: string, text: string): { sent: number; open: number; heard: number } => {
    const key = JSON.stringify([to, text]);
    const known = counts.get(key) ?? { sent: 0, open: 0, heard: 0 };
    counts.set(key, known);
    return known;
  };
  for (const row of rows) {
    if (row.state === 'sent') at(whereOf(row), row.text).sent++;
    if (row.state === 'sending' || row.state === 'unknown') at(whereOf(row), row.text).open++;
    if (row.state === 'failed') faults.push(`${row._id} failed`);
  }
  for (const { to, text } of heard) at(to, text).heard++;
  for (const [key, count] of counts) {
    if (count.heard < count.sent) faults.push(`marked as said and never heard: ${key}`);
    if (count.heard > count.sent + count.open) faults.push(`said twice: ${key}`);
  }
}

/** Holds everything that the outside was promised against what the store holds, while no process has it. */
export async function audit(store: Store, ledger: Ledger, heard: readonly Heard[]): Promise<Audit> {
  const faults: string[] = [];
  const settled: string[] = [];
  const unwritten: string[] = [];
  const sayings = await all(store, outbox);
  const received = await all(store, inbox);
  const filed = [...(await all(store, reports)).values()];
  compareSayings(sayings.values(), heard, faults);

  for (const message of ledger.sent.values()) {
    const row = received.get(`pipe:${message.id}`);
    const reply = sayings.get(`reply:pipe:${message.id}`);
    if (message.answer !== null && row?.state !== 'done' && reply === undefined)
      faults.push(`${message.id} was answered and is not written`);
    if (row?.state === 'parked') faults.push(`${message.id} is parked`);
    if (row?.state === 'done' && reply === undefined) faults.push(`${message.id} is done without an answer`);
    if (message.kind === 'report') checkReport(message, filed, row?.state === 'done', faults);
    if (message.closed) continue;
    if (row === undefined) unwritten.push(message.id);
    else if (reply !== undefined && reply.state !== 'queued') settled.push(message.id);
  }

  const open = new Set([...ledger.sent.values()].filter(({ closed }) => !closed).map(({ from }) => from));
  const rows = await all(store, signups);
  for (const [contact, place] of ledger.place) {
    // Somebody who waits for an answer may be in or out.
    if (open.has(contact)) continue;
    const member = contact.replace('wx-', '');
    const status = rows.get(`${plenty.id}:${member}`)?.status ?? 'none';
    if ((place === 'in') !== (status === 'confirmed')) faults.push(`${member} was told ${place}, the row is ${status}`);
  }

  const made = await all(store, activities);
  const written = await all(store, notices);
  for (const { what, id, title } of ledger.kept) {
    const found = what === 'activity' ? made.get(id)?.name : written.get(id)?.title;
    if (found !== title) faults.push(`${what} ${id} was kept and is not there`);
    if (what === 'approval' && !['approved', 'sending', 'sent'].includes(written.get(id)?.state ?? ''))
      faults.push(`${what} ${id} was kept and is ${written.get(id)?.state}`);
  }
  for (const list of [made, written] as const) {
    const names = [...list.values()].map((one) => ('title' in one ? one.title : one.name));
    if (new Set(names).size !== names.length) faults.push('something was made twice');
  }
  const unknown = [...sayings.values()].filter(({ state }) => state === 'unknown').length;
  return { faults, settled, unwritten, unknown };
}

function checkReport(
  message: Sent,
  filed: readonly { number: number; text: string }[],
  done: boolean,
  faults: string[],
) {
  const words = message.text.replace('反馈 ', '');
  const found = filed.filter(({ text }) => text.includes(words));
  if (found.length > 1) faults.push(`${message.id} was filed ${found.length} times`);
  if (done && found.length === 0) faults.push(`${message.id} is done and not filed`);
  if (message.answer === null) return;
  const [, number] = /FK(\d+)/.exec(message.answer) ?? [];
  if (found[0]?.number !== Number(number)) faults.push(`${message.id} was told FK${number}, which is not there`);
}

/** What must hold besides once nothing is under way any more. */
export async function auditEnd(store: Store, ledger: Ledger): Promise<string[]> {
  const faults: string[] = [];
  for (const row of (await all(store, outbox)).values())
    if (!['sent', 'unknown', 'dropped'].includes(row.state)) faults.push(`${row._id} is ${row.state}`);
  for (const row of (await all(store, inbox)).values())
    if (row.state !== 'done') faults.push(`${row._id} ${row.state}`);
  for (const { id } of ledger.sent.values())
    if ((await store.collection(inbox).get(`pipe:${id}`)) === null) faults.push(`${id} was never written`);
  const approved = new Set(ledger.kept.filter(({ what }) => what === 'approval').map(({ id }) => id));
  const reached = new Map<string, number>();
  for (const { notice, state, _id } of (await all(store, deliveries)).values()) {
    if (!approved.has(notice)) continue;
    reached.set(notice, (reached.get(notice) ?? 0) + 1);
    const saying = await store.collection(outbox).get(`notice:${_id}`);
    // Counts as failed until somebody has decided.
    const open = ['queued', 'failed'].includes(state) && saying?.state === 'unknown';
    if (state !== 'said' && !open) faults.push(`${_id} is ${state}, its saying ${saying?.state}`);
  }
  for (const id of approved)
    if ((reached.get(id) ?? 0) < 2) faults.push(`notice ${id} has ${reached.get(id)} addresses`);
  return faults;
}
