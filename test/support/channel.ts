import type { InboundMessage } from '../../bots/channels/channel.ts';
import { createSimulator } from '../../bots/channels/simulator.ts';
import type { SaidMessage, SimulatedMessage, Simulator } from '../../bots/channels/simulator.ts';
import { createFakeClock } from '../../src/platform/clock.ts';
import type { FakeClock } from '../../src/platform/clock.ts';
import { quietLog } from '../../src/platform/log.ts';
import { createWork } from '../../src/platform/work.ts';
import type { Work } from '../../src/platform/work.ts';

export const aGroup = 'r-三组@chatroom';
export const morning = new Date('2026-03-18T09:30:00+08:00');

export interface SimulatedVillage {
  simulator: Simulator;
  clock: FakeClock;
  work: Work;
  received: InboundMessage[];
  said: SaidMessage[];
  logged: string[];
  faults: unknown[];
  write(message: Partial<SimulatedMessage> & { id: string }): Promise<void>;
}

/** One group of three people and a bot named 小溪, logged in. */
export async function simulatedVillage(): Promise<SimulatedVillage> {
  const clock = createFakeClock(morning);
  const faults: unknown[] = [];
  const logged: string[] = [];
  const work = createWork((_name, fault) => faults.push(fault));
  const note = (event: string): void => void logged.push(event);
  const simulator = createSimulator({
    clock,
    work,
    botName: '小溪',
    people: [
      { id: 'wx-M0001', name: '桂花树下' },
      { id: 'wx-M0002', name: '幺妹儿' },
      { id: 'wx-M0003', name: '老李' },
    ],
    rooms: [{ id: aGroup, topic: '三组村民群', members: ['wx-M0001', 'wx-M0002', 'wx-M0003'] }],
    log: { ...quietLog, info: note, warn: note, error: note, fault: note },
  });
  const received: InboundMessage[] = [];
  const said: SaidMessage[] = [];
  simulator.channel.onMessage((message) => received.push(message));
  simulator.onSaid((message) => said.push(message));
  await simulator.channel.start();
  return {
    simulator,
    clock,
    work,
    received,
    said,
    logged,
    faults,
    write: (message) =>
      simulator.deliver({
        from: 'wx-M0001',
        room: aGroup,
        text: '',
        mention: false,
        sentAt: clock.now(),
        ...message,
      }),
  };
}
