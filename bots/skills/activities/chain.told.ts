import type { ChainLine, LineOutcome, Signup } from '../../../src/activities/index.ts';
import * as say from '../../../templates/activities.chain.ts';
import type { ChainChange, ChainEntry, ChainState } from '../../understanding/jielong.ts';
import { correct } from './chain.read.ts';
import type { Done } from './chain.undo.ts';

/** How one line came out. */
export interface Told {
  readonly change: ChainChange;
  readonly line: ChainLine;
  readonly outcome: LineOutcome | { readonly kind: 'refused'; readonly code: string };
}

/** What the list says differently from what came of it: a refused line may be written anew. */
export function afterAll(state: ChainState, activity: string, told: readonly Told[]): ChainState {
  const really = new Map<string, Partial<ChainEntry>>();
  for (const { change, outcome } of told) {
    if (outcome.kind !== 'refused' && outcome.kind !== 'few') continue;
    const { key } = change.entry;
    if (change.kind === 'join') really.set(key, { live: false });
    else if (change.kind === 'people') really.set(key, { people: change.was });
    else if (change.kind === 'leave') really.set(key, { live: true });
  }
  return really.size === 0 ? state : correct(state, activity, ({ key }) => really.get(key) ?? null);
}

const endedRow = (row: Signup | null): string | null => (row?.status === 'cancelled' ? `${row._id}@${row.seq}` : null);

/** What 撤销 turns round. */
export function doneBy({ kind }: ChainChange, line: ChainLine, outcome: Told['outcome']): Done[] {
  switch (outcome.kind) {
    case 'joined':
      return [{ what: 'join', line }];
    case 'resized':
      return kind === 'people' ? [{ what: 'people', line, was: outcome.was }] : [];
    case 'left':
      return [{ what: 'leave', line, row: endedRow(outcome.row) }];
    default:
      return [];
  }
}

/** 我妈, +1: said by the bot, by the registered name where there is one. */
function calledOf({ name, member }: ChainLine, outcome: Told['outcome']): string {
  if (!/^(?:我|俺|咱|本人|自己|\+)/u.test(name)) return name;
  const row = 'row' in outcome ? outcome.row : null;
  if (row !== null && (row.member === member || row.member === null)) return row.name;
  return name.replace(/^(?:我们?|俺们?|咱们?|本人|自己|\+.*)/u, '您');
}

/** What the answer tells. `others`: whom the sender can't speak for. */
export function newsOf(told: readonly Told[], others: readonly string[], undoable: boolean): say.ChainNews {
  const joined: say.Listed[] = [];
  const waiting: (say.Listed & { position: number })[] = [];
  const changed: (say.Listed & { was: number })[] = [];
  const left: string[] = [];
  const identified: { word: string; name: string }[] = [];
  const refused = others.map((name) => ({ name, reason: say.reasons['activities.not-yours'] ?? '' }));
  for (const { line, outcome } of told) {
    const { people } = line;
    const name = calledOf(line, outcome);
    switch (outcome.kind) {
      case 'joined':
        if (outcome.row.status === 'confirmed') joined.push({ name, people });
        else waiting.push({ name, people, position: outcome.position });
        break;
      case 'resized':
        changed.push({ name, people, was: outcome.was });
        break;
      case 'left':
        left.push(name);
        break;
      case 'identified':
        identified.push({ word: name, name: outcome.row.name });
        break;
      case 'few':
        refused.push({ name, reason: say.reasons['few'] ?? '' });
        break;
      case 'refused':
        refused.push({ name, reason: say.reasons[outcome.code] ?? '' });
        break;
      case 'already':
      case 'counted':
      case 'other-number':
        break;
    }
  }
  return { joined, waiting, changed, left, identified, refused, undoable };
}
