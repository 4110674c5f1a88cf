import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPassingStore } from '../../cli/replay/engines.ts';
import { readTranscript } from '../../cli/replay/transcript.ts';
import { replay, replayCommand } from '../../cli/replay.ts';
import type { Replayed } from '../../cli/replay.ts';

const folder = 'demo/village';
let temporary: string;
beforeAll(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'cunkou-replay-'));
});
afterAll(() => rm(temporary, { recursive: true, force: true }));

async function played(rows: readonly object[]): Promise<Replayed> {
  const { store, drop } = await openPassingStore('embedded', null);
  try {
    const text = rows.map((row) => JSON.stringify(row)).join('\n');
    const lines = readTranscript(text, 'test.jsonl');
    return await replay(store, { lines, folder, given: null, policies: null, watchSeats: true });
  } finally {
    await drop();
  }
}

const at = (time: string): string => `2026-03-18T${time}:00+08:00`;
const says = (id: string, time: string, from: string, text: string, more: object = {}) => ({
  id,
  at: at(time),
  room: '三组',
  from,
  mention: false,
  text,
  ...more,
});

describe('a replay', () => {
  it('tells the state in the terms of the transcript', async () => {
    const { state, replies, faults } = await played([
      says('e1', '09:30', 'M0180', '报名 院坝会'),
      says('e2', '09:31', 'M0211', '反馈 三组坎下那盏路灯不亮了'),
      says('e3', '09:32', 'M0211', '进度 {{FK:e2}}'),
      says('e4', '09:33', 'M0198', '早'),
    ]);
    expect(faults).toEqual([]);
    expect(state['signups']).toMatchObject({ A3: [{ member: 'M0180', people: 1, status: 'confirmed', from: 'e1' }] });
    expect(state['feedback']).toMatchObject([{ from: 'e2', by: 'M0211', category: '水电通信', mergedInto: null }]);
    expect(replies).toMatchObject([
      { inReplyTo: 'e1', room: '三组', kind: 'reply' },
      { inReplyTo: 'e2' },
      { inReplyTo: 'e3', text: expect.stringContaining('FK0001') as string },
    ]);
  });

  it('lets what falls due happen between the lines, at its own time', async () => {
    const { replies, seats } = await played([
      says('e1', '09:30', 'M0180', '报名 院坝会'),
      says('e2', '17:30', 'M0198', '早'),
    ]);
    expect(replies).toMatchObject([
      {},
      { kind: 'reminder', to: 'M0180', activity: 'A3', when: 'T-2h', at: at('17:00') },
    ]);
    expect(seats[0]).toMatchObject({ at: at('09:30'), seats: { A3: { confirmed: 1, held: 0, waitlisted: 0 } } });
    expect(seats.at(-1)).toMatchObject({ at: at('17:30') });
  });

  it('has one effect and one reply for a message that comes twice', async () => {
    const { state, replies } = await played([
      says('e1', '09:30', 'M0180', '报名 院坝会 2人'),
      says('e1', '09:33', 'M0180', '报名 院坝会 2人'),
    ]);
    expect(replies).toHaveLength(1);
    expect(state['signups']).toMatchObject({ A3: [{ people: 2 }] });
  });

  it('notes what operators may not do, and goes on', async () => {
    const { state, replies } = await played([
      { at: at('09:30'), operator: 'M0180', do: 'activity.cancel', args: { activity: 'A3', reason: 'x' } },
      says('e1', '09:31', 'M0180', '报名 院坝会'),
    ]);
    expect(state['operatorRefused']).toEqual([
      { at: at('09:30'), operator: 'M0180', do: 'activity.cancel', code: 'access.denied' },
    ]);
    expect(replies).toHaveLength(1);
  });

  it('comes out the same each time', async () => {
    const lines = [
      says('e1', '09:30', 'M0180', '报名 院坝会'),
      says('e2', '09:31', 'M0204', '活动'),
      says('e3', '09:31', 'M0204', '报名2', { room: null }),
    ];
    expect(await played(lines)).toEqual(await played(lines));
  });
});

describe('cunkou replay', () => {
  it('writes its files and says in a line what happened', async () => {
    const file = join(temporary, 'talk.jsonl');
    await writeFile(file, `${JSON.stringify(says('e1', '09:30', 'M0180', '报名 院坝会'))}\n`);
    const printed: string[] = [];
    const paths = {
      out: join(temporary, 's.json'),
      replies: join(temporary, 'r.jsonl'),
      seats: join(temporary, 'c.jsonl'),
    };
    const args = [file, '--village', folder, ...Object.entries(paths).flatMap(([name, path]) => [`--${name}`, path])];
    expect(await replayCommand(args, (text) => printed.push(text))).toBe(0);
    expect(printed).toHaveLength(1);
    expect(JSON.parse(await readFile(paths.out, 'utf8'))).toHaveProperty('signups.A3');
    expect((await readFile(paths.replies, 'utf8')).trim().split('\n')).toHaveLength(1);
    expect((await readFile(paths.seats, 'utf8')).trim().split('\n')).toHaveLength(1);
  });

  it('names the line that it can not read', async () => {
    const file = join(temporary, 'bad.jsonl');
    await writeFile(file, '{"id":"e1"}\n');
    const printed: string[] = [];
    expect(await replayCommand([file, '--village', folder], (text) => printed.push(text))).toBe(1);
    expect(printed[0]).toContain('bad.jsonl:1');
  });

  it('says which file is missing, and what it wants when called wrongly', async () => {
    const printed: string[] = [];
    const print = (text: string): void => void printed.push(text);
    expect(await replayCommand(['/nowhere/x.jsonl', '--village', folder], print)).toBe(1);
    expect(await replayCommand(['x.jsonl'], print)).toBe(2);
    expect(await replayCommand(['x.jsonl', '--village', folder, '--engine', 'paper'], print)).toBe(2);
    expect(printed[0]).toContain('/nowhere/x.jsonl');
  });
});
