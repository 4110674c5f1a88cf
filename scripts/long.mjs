// `npm run test:long [-- RUNS [SEED]]`: the runs by force in their long form (docs/RELIABILITY.md); 50 lives unless told
// otherwise. The seed is printed; the same one kills at the same places, as far as the machine's own pace allows.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [runs = process.env.CUNKOU_TEST_RUNS ?? '50', seed = process.env.CUNKOU_TEST_SEED ?? String(Date.now() % 1e9)] =
  process.argv.slice(2);
if (![runs, seed].every((number) => /^[1-9]\d*$/.test(number))) {
  process.stderr.write('usage: npm run test:long [-- RUNS [SEED]]\n');
  process.exit(2);
}
process.stdout.write(`${runs} lives, seed ${seed}\n`);
const vitest = ['vitest', 'run', '--config', join(root, 'vitest.long.config.ts')];
const child = spawn(process.execPath, [join(root, 'scripts/with-services.mjs'), ...vitest], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, CUNKOU_TEST_RUNS: runs, CUNKOU_TEST_SEED: seed },
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('close', (code) => {
  process.exitCode = code ?? 1;
});
