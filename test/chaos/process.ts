// The village as `cunkou start` runs it, with a pipe (file descriptor 3) in the place of WeChat.
import { Socket } from 'node:net';
import { run } from '../../cli/start.ts';
import { readConfig } from '../../src/config.ts';
import { createRates, type RateLimits } from '../../src/messages/rates.ts';
import type { LeaseTimes } from '../../src/platform/lease.ts';
import { createPipeChannel } from './pipe-channel.ts';

export interface Told {
  readonly pace: RateLimits;
  readonly leaseTimes?: LeaseTimes;
}

const { pace, leaseTimes } = JSON.parse(process.argv[2] ?? '') as Told;
const config = readConfig();
process.exitCode = await run(config, {
  channel: createPipeChannel(new Socket({ fd: 3, readable: true, writable: true }), config.botName),
  rates: createRates(pace, Math.random),
  ...(leaseTimes === undefined ? {} : { leaseTimes }),
});
