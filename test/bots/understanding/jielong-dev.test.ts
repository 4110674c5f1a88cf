import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { calls, chainCase, readCase } from '../../support/read-chains.ts';

const entry = z.object({ member: z.string().nullable(), name: z.string(), people: z.number(), signedBy: z.string() });
const gold = chainCase.extend({
  expect: z.object({ entries: z.array(entry), ambiguous: z.array(z.string()), total: z.number() }),
});
const cases = ['dev', 'more'].flatMap((name) =>
  readFileSync(new URL(`../../data/chains/${name}.jsonl`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => gold.parse(JSON.parse(line))),
);

/** The name counts only where nobody registered is meant. */
const facts = (entries: readonly z.infer<typeof entry>[]): string[] =>
  entries.map(({ member, name, people, signedBy }) => `${member ?? name} ${people} ${signedBy}`);

describe('the chains of the sample village', () => {
  it.each(cases)('$id', (one) => {
    const read = readCase(one);
    expect(facts(read.entries)).toEqual(facts(one.expect.entries));
    expect(read.ambiguous).toEqual(one.expect.ambiguous);
    expect(read.total).toBe(one.expect.total);
  });

  it.each(cases.filter(({ messages }) => messages[0]?.text.startsWith('#接龙\n\n') === false))(
    '$id, every activity open',
    (one) => {
      expect(facts(readCase(one, calls).entries)).toEqual(facts(one.expect.entries));
    },
  );
});
