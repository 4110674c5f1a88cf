import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { collections } from '../../src/compose.ts';

const page = readFileSync(new URL('../../docs/OPERATIONS.md', import.meta.url), 'utf8');
const table = (page.split('What becomes of what:')[1] ?? '').split('\n## ')[0] ?? '';
const named = table
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .flatMap((line) => Array.from((line.split(' | ')[0] ?? '').matchAll(/`([^`]+)`/g), ([, name = '']) => name));

it('says of every collection what an erased person leaves in it', () => {
  expect(named.toSorted()).toEqual(collections.map(({ name }) => name).toSorted());
});
