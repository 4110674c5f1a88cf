// Loaded into a process that the bench starts: at its end it tells what it used.
import { writeSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  process.on('exit', () => {
    const { user, system } = process.cpuUsage();
    const usage = { user: user / 1e6, system: system / 1e6, peakMb: process.resourceUsage().maxRSS / 1024 };
    writeSync(3, JSON.stringify(usage));
  });
}
