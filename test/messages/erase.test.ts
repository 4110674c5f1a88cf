import { beforeEach, describe, expect, it } from 'vitest';
import { createMessagesKeeper, createMessages, messageCollections, type OutboxRow } from '../../src/messages/index.ts';
import { dialogues, outbox } from '../../src/messages/messages.model.ts';
import type { Saying } from '../../src/messages/messages.port.ts';
import { buildRegistry, type RegistryRig } from '../support/members.ts';

const who = { member: 'M1', keys: ['M1', 'wx:c1'], contacts: ['c1'], name: '王大明' };
let rig: RegistryRig;
let say: (key: string, part: Partial<Saying>) => Promise<OutboxRow>;
const row = (key: string): Promise<OutboxRow | null> => rig.store.collection(outbox).get(key);
const erase = (): Promise<void> => createMessagesKeeper({ ...rig, uploads: null }).erase(who);
const put = (key: string, part: Partial<OutboxRow>) =>
  rig.store.collection(outbox).update({ _id: key }, { $set: part });

beforeEach(() => {
  rig = buildRegistry({ more: messageCollections });
  const messages = createMessages({ ...rig, wake: () => Promise.resolve() });
  say = (key, part) => messages.say({ key, to: { room: '三组' }, text: '王大明,早', kind: 'news', ...part });
});

describe('what is to be said', () => {
  it('to the person is cancelled, also where only the person is called in a group', async () => {
    await say('a', { to: { person: 'M1' } });
    await say('b', { mentions: ['M1'] });
    await say('c', { to: { person: 'wx:c1' } });
    await erase();
    for (const key of ['a', 'b', 'c']) {
      expect(await row(key)).toMatchObject({ state: 'cancelled', text: '', mentions: [] });
    }
    expect((await row('c'))?.person).toBe('M1');
  });

  it('to others is said without the name', async () => {
    await say('a', { text: '王大明想找人', to: { person: 'M5' } });
    await say('b', { text: '明天见', mentions: ['M1', 'M2'] });
    await say('c', { text: '停水', to: { person: 'M5' } });
    await erase();
    expect(await row('a')).toMatchObject({ state: 'queued', text: '**想找人', person: 'M5' });
    expect(await row('b')).toMatchObject({ state: 'queued', text: '明天见', mentions: ['M2'] });
    expect(await row('c')).toMatchObject({ state: 'queued', text: '停水' });
  });

  it('and is just being said is waited for; one that a dead process left is not', async () => {
    await say('a', { to: { person: 'M1' } });
    await put('a', { state: 'sending', claimedAt: rig.clock.now() });
    await expect(erase()).rejects.toMatchObject({ code: 'messages.being-said', status: 503 });
    await rig.pass(3);
    await erase();
    expect(await row('a')).toMatchObject({ state: 'cancelled', text: '' });
  });

  it('and that nobody knows of needs no decision when it was for the person, and keeps waiting for one else', async () => {
    await say('a', { to: { person: 'M1' } });
    await say('b', { text: '王大明的地', to: { person: 'M5' } });
    for (const key of ['a', 'b']) await put(key, { state: 'unknown' });
    await erase();
    expect(await row('a')).toMatchObject({ state: 'cancelled', text: '' });
    expect(await row('b')).toMatchObject({ state: 'unknown', text: '**的地' });
  });
});

it('what was said stays as a row without words, and goes where its key is made of the contact', async () => {
  await say('a', { to: { person: 'M1' } });
  await say('offer:A1:wx:c1#1', { to: { person: 'wx:c1' } });
  for (const key of ['a', 'offer:A1:wx:c1#1']) await put(key, { state: 'sent', sentAt: rig.clock.now() });
  await erase();
  expect(await row('a')).toMatchObject({ state: 'sent', text: '', person: 'M1' });
  expect(await row('offer:A1:wx:c1#1')).toBeNull();
});

it('the question that others were asked about the person is closed', async () => {
  const open = rig.store.collection(dialogues);
  const at = rig.clock.now();
  const question = {
    verb: 'account.issue',
    slots: { name: '王大明' },
    accepts: [],
    options: [],
    askedAt: at,
    expiresAt: at,
  };
  for (const _id of ['direct|M5', 'direct|M1', '三组|wx:c1']) {
    await open.insert({ _id, question, shown: {}, change: null, touchedAt: at });
  }
  await erase();
  expect(await open.get('direct|M5')).toMatchObject({ question: null });
  expect(await open.count({})).toBe(1);
});
