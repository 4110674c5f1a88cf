// `npm run check`: format, lint, types and import rules, side by side. `--fix` formats and fixes what can be fixed.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const fix = process.argv.includes('--fix');
const folders = ['main.ts', 'src', 'bots', 'jobs', 'templates', 'cli', 'test', 'scripts', 'bin'].filter((path) =>
  existsSync(join(root, path)),
);
const configs = [
  'vitest.config.ts',
  'vitest.services.config.ts',
  'vitest.long.config.ts',
  '.dependency-cruiser.mjs',
  '.ci/sum.mjs',
].filter((path) => existsSync(join(root, path)));

const tool = (name, ...args) => [process.execPath, [join(root, 'node_modules', name), ...args]];
const checks = {
  format: tool('oxfmt/bin/oxfmt', ...(fix ? [] : ['--check']), ...folders, ...configs),
  lint: tool('oxlint/bin/oxlint', ...(fix ? ['--fix'] : []), '--deny-warnings', '--type-aware', ...folders, ...configs),
  types: tool('typescript/bin/tsc', '--project', '.', '--noEmit', '--pretty', 'false'),
  imports: [process.execPath, [join(root, 'scripts/check-imports.mjs')]],
};

const run = (name, [command, args]) =>
  new Promise((resolve) => {
    const began = Date.now();
    let output = '';
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (output += data));
    child.on('error', (fault) => (output += fault.message));
    child.on('close', (code) => resolve({ name, ok: code === 0, output: output.trim(), ms: Date.now() - began }));
  });

let failed = 0;
const results = Object.entries(checks).map(([name, command]) => run(name, command));
for (const result of results) {
  const { name, ok, output, ms } = await result;
  if (ok) {
    console.log(`${name.padEnd(8)} ok      ${(ms / 1000).toFixed(1)} s`);
  } else {
    failed++;
    console.log(`${name.padEnd(8)} FAILED  ${(ms / 1000).toFixed(1)} s\n${output.replace(/^/gm, '  ')}\n`);
  }
}
if (failed > 0) {
  console.log(`${failed} of ${results.length} checks failed`);
  process.exitCode = 1;
}
