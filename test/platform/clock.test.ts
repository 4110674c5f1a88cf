import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFakeClock, createSystemClock } from '../../src/platform/clock.ts';

const start = new Date('2026-03-18T01:30:00Z');
const minute = 60_000;
const after = (ms: number): Date => new Date(start.getTime() + ms);

describe('the system clock', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: start });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('runs at its time, also after more days than a timer holds', () => {
    const ran: Date[] = [];
    createSystemClock().at(after(40 * 24 * 60 * minute), () => ran.push(new Date()));
    vi.advanceTimersByTime(40 * 24 * 60 * minute - 1);
    expect(ran).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(ran).toEqual([after(40 * 24 * 60 * minute)]);
  });

  it('runs what has passed in the next turn', () => {
    const run = vi.fn();
    createSystemClock().at(after(-minute), run);
    expect(run).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(run).toHaveBeenCalledOnce();
  });

  it('is at most a minute late when the machine slept', () => {
    const run = vi.fn();
    createSystemClock().at(after(120 * minute), run);
    vi.setSystemTime(after(180 * minute));
    vi.advanceTimersByTime(minute + 1);
    expect(run).toHaveBeenCalledOnce();
  });

  it('does not run what was cancelled, before or after a renewal', () => {
    const run = vi.fn();
    const clock = createSystemClock();
    const [early, late] = [clock.at(after(10 * minute), run), clock.at(after(10 * minute), run)];
    early();
    vi.advanceTimersByTime(5 * minute);
    late();
    vi.advanceTimersByTime(10 * minute);
    expect(run).not.toHaveBeenCalled();
  });
});

describe('the fake clock', () => {
  it('fires each timer at its own time, those of one time in order', async () => {
    const clock = createFakeClock(start);
    const ran: string[] = [];
    const note = (name: string) => () => ran.push(`${name} ${clock.now().getTime() - start.getTime()}`);
    clock.at(after(20), note('c'));
    clock.at(after(10), note('a'));
    clock.at(after(10), note('b'));
    clock.at(after(31), note('never'));
    await clock.advanceTo(after(30));
    expect(ran).toEqual(['a 10', 'b 10', 'c 20']);
    expect(clock.now()).toEqual(after(30));
  });

  it('fires timers that were set while it moved', async () => {
    const clock = createFakeClock(start);
    const ran: number[] = [];
    clock.at(after(10), () => clock.at(after(15), () => ran.push(clock.now().getTime() - start.getTime())));
    await clock.advanceTo(after(20));
    expect(ran).toEqual([15]);
  });

  it('never goes back by itself', async () => {
    const clock = createFakeClock(start);
    clock.at(after(-minute), () => undefined);
    await clock.advanceTo(after(-10));
    expect(clock.now()).toEqual(start);
  });
});
