import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { chainOf, readChain } from '../../bots/understanding/jielong.ts';
import type { ChainCall, ChainEntry, ChainPerson, ChainState } from '../../bots/understanding/jielong.ts';

const village = new URL('../data/village/', import.meta.url);

const row = z.object({
  编号: z.string(),
  姓名: z.string(),
  性别: z.enum(['男', '女']),
  出生年月: z.string(),
  户号: z.string(),
  与户主关系: z.string(),
  网格: z.string(),
  微信昵称: z.string(),
});
const rows = z.array(row).parse(parse(readFileSync(new URL('members.csv', village)), { columns: true, bom: true }));

/** Everybody registered in a grid of the sample village. */
export const peopleOf = (grid: string): ChainPerson[] =>
  rows
    .filter((one) => one.网格 === grid)
    .map((one) => ({
      id: one.编号,
      name: one.姓名,
      nickname: one.微信昵称 === '' ? null : one.微信昵称,
      sex: one.性别,
      born: one.出生年月,
      household: one.户号,
      relation: one.与户主关系,
    }));

const call = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.string(),
  garden: z.string().optional(),
  startsAt: z.string(),
  meet: z.string().optional(),
  bring: z.array(z.string()),
});

/** The six activities of the sample village, soonest first. */
export const calls: readonly ChainCall[] = z
  .array(call)
  .parse(JSON.parse(readFileSync(new URL('activities.json', village), 'utf8')))
  .map((one) => ({
    activity: one.id,
    name: one.name,
    kind: one.kind,
    garden: one.garden ?? null,
    startsAt: new Date(one.startsAt),
    meet: one.meet ?? null,
    bring: one.bring,
    content: null,
  }))
  .sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime());

export const chainCase = z.object({
  id: z.string(),
  activity: z.string().nullable(),
  room: z.string(),
  messages: z.array(z.object({ from: z.string(), at: z.string(), text: z.string() })),
});
export type ChainCase = z.infer<typeof chainCase>;

export interface ChainResult {
  readonly id: string;
  readonly entries: readonly Pick<ChainEntry, 'member' | 'name' | 'people' | 'signedBy'>[];
  readonly ambiguous: readonly string[];
  readonly total: number;
}

/** Reads the messages of a case. `open`: the calls in its room; without one, all of the village are open. */
export function readCase(
  { id, activity, room, messages }: ChainCase,
  open: readonly ChainCall[] = activity === null ? calls : calls.filter((one) => one.activity === activity),
): ChainResult {
  const people = peopleOf(room);
  let state: ChainState | null = null;
  for (const { from, at, text } of messages) {
    state = readChain(state, open, people, { from, text, at: new Date(at) })?.state ?? state;
  }
  // Of a case without an activity every entry would be invented, whichever activity it were put to.
  const read = (activity === null ? open.map((one) => one.activity) : [activity]).map((one) => chainOf(state, one));
  const entries = read
    .flatMap((one) => one.entries)
    .filter(({ live }) => live)
    .map(({ member, name, people: count, signedBy }) => ({ member, name, people: count, signedBy }));
  const total = entries.reduce((sum, one) => sum + one.people, 0);
  return { id, entries, ambiguous: read.flatMap((one) => one.questions.map(({ word }) => word)), total };
}

/** The results of a file of cases, a line for each, as the scorer reads them. */
export const readFile = (path: string | URL): ChainResult[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => readCase(chainCase.parse(JSON.parse(line))));
