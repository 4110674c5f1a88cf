// Holds the import rules of .dependency-cruiser.mjs against every module, and proves that it saw them all.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cruise } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import configuration from '../.dependency-cruiser.mjs';

const folders = ['src', 'bots', 'jobs', 'templates', 'cli', 'test', 'main.ts'].filter((path) => existsSync(path));

const { forbidden, options } = configuration;
const { output } = await cruise(
  folders,
  { ...options, validate: true, ruleSet: { forbidden }, outputType: 'json' },
  undefined,
  { tsConfig: extractTSConfig('tsconfig.json') },
);
const { modules, summary } = JSON.parse(output);

const faults = summary.violations.map(({ from, to, cycle, rule }) => {
  const way = cycle?.length ? [from, ...cycle.map(({ name }) => name)].join(' → ') : `${from} → ${to}`;
  return `${way}\n    ${rule.name}`;
});

// A cruise that understands no TypeScript finds nothing and passes: so every file must be among the modules.
const seen = new Map(modules.map((module) => [module.source, module]));
const files = folders.flatMap(list);
const unseen = files.filter((file) => !seen.has(file));
if (files.length === 0 || unseen.length > 0) {
  faults.push(`not looked at: ${unseen.length} of ${files.length} files, ${unseen.slice(0, 5).join(', ')}`);
}
const importing = files.filter((file) => /^(import|export) .*from '\./m.test(readFileSync(file, 'utf8')));
const blind = importing.filter((file) => seen.get(file)?.dependencies.length === 0);
if (blind.length > 0) faults.push(`imports not understood in ${blind.slice(0, 5).join(', ')}`);

// What the linter has no rule for: the machine's time enters only through Clock.
for (const file of files.filter((path) => /^(src\/(?!platform\/)|bots|jobs|templates)/.test(path))) {
  readFileSync(file, 'utf8')
    .split('\n')
    .forEach((line, n) => {
      const code = line.replace(/\/\/.*$|^\s*\*.*$/, '');
      if (/\bnew Date\(\s*\)/.test(code)) faults.push(`${file}:${n + 1} new Date()\n    time comes from Clock.now`);
    });
}

if (faults.length > 0) {
  console.log(faults.join('\n'));
  console.log(`\n${faults.length} faults`);
  process.exitCode = 1;
} else {
  console.log(`${files.length} modules, ${summary.totalDependenciesCruised} imports`);
}

function list(path) {
  if (path.endsWith('.ts')) return [path];
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    const inside = join(path, entry.name).replaceAll('\\', '/');
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : list(inside);
    return entry.name.endsWith('.ts') ? [inside] : [];
  });
}
