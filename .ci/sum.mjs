// node .ci/sum.mjs FOLDER SUITE…: adds up what vitest wrote down. A suite that could not run, a file that could not be
// read and a fault outside of all tests each count as one failure.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder, ...suites] = process.argv.slice(2);
let passed = 0;
let failed = 0;

for (const suite of suites) {
  const report = join(folder, `${suite}.json`);
  const code = Number(readFileSync(join(folder, `${suite}.code`), 'utf8'));
  if (!existsSync(report)) {
    console.log(`${suite}: did not run to its end`);
    failed++;
    continue;
  }
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
  const broken = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some(({ status: s }) => s === 'failed'),
  );
  for (const { name } of broken) console.log(`${suite}: ${name} could not run`);
  let faults = numFailedTests + broken.length;
  if (code !== 0 && faults === 0) {
    console.log(`${suite}: ended with ${code} though no test failed`);
    faults = 1;
  }
  console.log(`${suite}: ${numPassedTests} passed, ${faults} failed`);
  passed += numPassedTests;
  failed += faults;
}

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
