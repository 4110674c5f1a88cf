import { cpSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { buildFolder } from '../support/folder.ts';
import { runNode } from '../support/run.ts';

const root = resolve(import.meta.dirname, '../..');

/** Each file breaks the rule that stands beside it; the others are there to be imported. */
const faulty = {
  'src/shared/text.ts': ["export { clock } from '../platform/clock.ts';", 'shared imports only shared'],
  'src/platform/clock.ts': ["export { members } from '../members/index.ts';", 'platform imports only shared'],
  'src/members/index.ts': ["export const members = 1;\nexport { activities } from '../activities/index.ts';", ''],
  'src/members/members.model.ts': ['export const model = 1;', ''],
  'src/activities/index.ts': [
    "export const activities = 1;\nexport { members } from '../members/index.ts';",
    'no cycles',
  ],
  'src/activities/sign-up.ts': [
    "export { model } from '../members/members.model.ts';\nimport mongoose from 'mongoose';\nmongoose.connect('x');",
    'a capability reads others through their index.ts',
    'mongoose only in ^src/platform/store/',
  ],
  'src/notices/index.ts': ["export { say } from '../../templates/notices.ts';", 'src does not know its edges'],
  'src/notices/engine.ts': ["export { mongo } from '../platform/store/mongo.ts';", 'engines are chosen in one place'],
  'src/notices/late.ts': ['export const late = new Date();', 'time comes from Clock.now'],
  'src/notices/gone.ts': ["export { nowhere } from './nowhere.ts';", 'imports exist'],
  'src/notices/dev.ts': ["export { z } from 'fast-check';", 'no development dependencies in the product'],
  'src/platform/store/mongo.ts': ['export const mongo = 1;', ''],
  'templates/notices.ts': [
    "import { members } from '../src/members/index.ts';\nexport const say = members;",
    'templates are pure',
  ],
  'templates/files.ts': [
    "export { readFileSync } from 'node:fs';",
    'understanding and templates do no input or output',
  ],
  'bots/skills/notices.ts': ["export { skill } from './feedback.ts';", 'skills know no other skill'],
  'bots/skills/feedback.ts': [
    "export const skill = 1;\nimport { Queue } from 'bull';\nnew (Queue as never)();",
    'Bull only in ^src/platform/queue/',
  ],
  'bots/understanding/guess.ts': [
    "export { activities } from '../../src/activities/index.ts';",
    'understanding is pure',
  ],
  'bots/conversation/pipeline.ts': [
    "export { skill } from '../skills/feedback.ts';\nexport { log } from 'wechaty';",
    'the conversation is handed its skills and channels',
    'wechaty only in ^bots/channels/',
  ],
  'jobs/notices.ts': ["export { job } from './feedback.ts';", 'jobs know no other job and no bot'],
  'jobs/feedback.ts': [
    "export const job = 1;\nexport { model } from '../src/members/members.model.ts';",
    'only index.ts of a capability is for others',
  ],
} as const;

/** All of it is allowed. */
const sound = {
  'src/shared/text.ts': 'export const text = 1;',
  'src/platform/clock.ts': "export { text as clock } from '../shared/text.ts';",
  'src/members/index.ts': "export { model, type Member } from './members.model.ts';",
  'src/members/members.model.ts': 'export const model = 1;\nexport interface Member { id: string }',
  'src/activities/index.ts': "export { model } from '../members/index.ts';",
  'templates/activities.ts':
    "import type { Member } from '../src/members/index.ts';\nexport const say = ({ id }: Member) => id;",
  'bots/skills/skill.ts': 'export interface Skill { id: string }',
  'bots/skills/activities.ts':
    "export type { Skill } from './skill.ts';\nexport { model } from '../../src/activities/index.ts';\nexport { say } from '../../templates/activities.ts';",
  'main.ts': "export { model } from './bots/skills/activities.ts';",
};

describe('the import rules', () => {
  const folders: { remove: () => void }[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) folder.remove();
  });

  const check = (files: Readonly<Record<string, string>>) => {
    const folder = buildFolder(files);
    folders.push(folder);
    for (const name of ['package.json', 'tsconfig.json', '.dependency-cruiser.mjs', 'scripts/check-imports.mjs']) {
      cpSync(join(root, name), join(folder.path, name));
    }
    symlinkSync(join(root, 'node_modules'), join(folder.path, 'node_modules'), 'junction');
    return runNode(['scripts/check-imports.mjs'], { cwd: folder.path });
  };

  it('find each kind of forbidden import', async () => {
    const files = Object.entries(faulty);
    const { code, output } = await check(Object.fromEntries(files.map(([name, [text]]) => [name, text])));
    const found = files.flatMap(([name, [, ...rules]]) => rules.filter(Boolean).map((rule) => ({ name, rule })));
    const missed = found.filter(({ name, rule }) => !output.includes(rule) || !output.includes(name));
    expect(missed).toEqual([]);
    expect(code).toBe(1);
  });

  it('let the planned house stand', async () => {
    const { code, output } = await check(sound);
    expect(output).toMatch(/^9 modules, \d+ imports$/m);
    expect(code).toBe(0);
  });

  it('fail when there is nothing to look at', async () => {
    const { code, output } = await check({ 'src/empty.md': '' });
    expect(output).toContain('No inputs were found');
    expect(code).toBe(1);
  });
});
