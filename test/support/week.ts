import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import type { PassingStore } from '../../cli/replay/engines.ts';
import { readGiven, readTranscript } from '../../cli/replay/transcript.ts';
import { replay, type Replay } from '../../cli/replay.ts';
import { scoreWeek } from './score.ts';

const week = 'test/data/week/week-exact';
const text = (path: string): Promise<string> => readFile(path, 'utf8');

/** The tests of the two days of exact commands, on an empty store that `open` gives. */
export function exactWeek(open: () => Promise<PassingStore>, queue?: Replay['queue']): void {
  it('does in two days of exact commands all that was expected, and speaks when spoken to', async () => {
    const { store, drop } = await open();
    try {
      const made = await replay(store, {
        lines: readTranscript(await text(`${week}.jsonl`), `${week}.jsonl`),
        given: readGiven(await text(`${week}.given.json`), `${week}.given.json`),
        folder: 'test/data/village',
        policies: null,
        watchSeats: true,
        ...(queue === undefined ? {} : { queue }),
      });
      expect(made.faults).toEqual([]);
      const { facts, differences, outOfTurn } = scoreWeek(JSON.parse(await text(`${week}.expected.json`)), made);
      expect(differences).toEqual([]);
      expect(outOfTurn).toEqual([]);
      expect(facts).toBeGreaterThan(300);
      const lost = { ...made, replies: made.replies.slice(1), seats: made.seats.slice(0, 20) };
      expect(scoreWeek(JSON.parse(await text(`${week}.expected.json`)), lost).differences).not.toEqual([]);
    } finally {
      await drop();
    }
  }, 240_000);
}
