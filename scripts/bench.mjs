// `npm run bench [-- --json FILE] [-- --only NAME]`: speed beside bare baselines; see docs/PERFORMANCE.md.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { register } from 'tsx/esm/api';

// A run must not pay for the garbage of the one before.
setFlagsFromString('--expose-gc');
globalThis.gc = runInNewContext('gc');
register();
const { bench } = await import('../test/bench/bench.ts');
process.exitCode = await bench(process.argv.slice(2));
