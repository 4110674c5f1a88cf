import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseCommand } from '../../bots/understanding/commands.ts';

const page = readFileSync(new URL('../../docs/BOT.zh-CN.md', import.meta.url), 'utf8').split('\n---\n')[0] ?? '';
const printed = page
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .flatMap((line) => Array.from((line.split(' | ')[0] ?? '').matchAll(/`([^`]+)`/g), ([, command = '']) => command));

it('prints commands for villagers and cadres', () => {
  expect(printed.length).toBeGreaterThan(35);
});

it.each(printed)('the printed command %s is understood as it stands', (command) => {
  expect(parseCommand(command.replace('口令', '7431'))).not.toBeNull();
});
