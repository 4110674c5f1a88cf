import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildFolder } from '../support/folder.ts';
import { runNode } from '../support/run.ts';

const sum = resolve(import.meta.dirname, '../../.ci/sum.mjs');

interface Suite {
  code: number;
  passed?: number;
  failed?: number;
  files?: { status: string; assertionResults: { status: string }[] }[];
}

async function add(
  suites: Readonly<Record<string, Suite>>,
): Promise<{ last: string | undefined; code: number | null }> {
  const files: Record<string, string> = {};
  for (const [name, { code, passed, failed = 0, files: testResults = [] }] of Object.entries(suites)) {
    files[`${name}.code`] = `${code}\n`;
    if (passed === undefined) continue;
    files[`${name}.json`] = JSON.stringify({ numPassedTests: passed, numFailedTests: failed, testResults });
  }
  const folder = buildFolder(files);
  const { output, code } = await runNode([sum, folder.path, ...Object.keys(suites)]);
  folder.remove();
  return { last: output.trimEnd().split('\n').at(-1), code };
}

describe('.ci/run', () => {
  it('adds up its suites', async () => {
    const suites = { tests: { code: 0, passed: 40 }, services: { code: 0, passed: 2 } };
    expect(await add(suites)).toEqual({ last: '42 passed, 0 failed', code: 0 });
  });

  it('fails with the tests that failed', async () => {
    const suites = { tests: { code: 1, passed: 39, failed: 1 }, services: { code: 0, passed: 2 } };
    expect(await add(suites)).toEqual({ last: '41 passed, 1 failed', code: 1 });
  });

  it('counts a suite that did not run as a failure', async () => {
    const suites = { tests: { code: 0, passed: 40 }, services: { code: 1 } };
    expect(await add(suites)).toEqual({ last: '40 passed, 1 failed', code: 1 });
  });

  it('counts a file that could not be read as a failure', async () => {
    const files = [{ status: 'failed', assertionResults: [] }];
    expect(await add({ tests: { code: 1, passed: 40, files } })).toEqual({ last: '40 passed, 1 failed', code: 1 });
  });

  it('counts a fault outside of all tests as a failure', async () => {
    expect(await add({ tests: { code: 1, passed: 40 } })).toEqual({ last: '40 passed, 1 failed', code: 1 });
  });

  it('is not content with no tests at all', async () => {
    expect(await add({ tests: { code: 0, passed: 0 } })).toEqual({ last: '0 passed, 0 failed', code: 1 });
  });
});
