import { PuppetMock, mock } from 'wechaty-puppet-mock';
import { afterEach, expect, it } from 'vitest';
import { createSilentChannel } from '../../../bots/channels/silent.ts';
import { createWechatyChannel } from '../../../bots/channels/wechaty.ts';
import type { Channel } from '../../../bots/channels/channel.ts';
import { createFakeClock } from '../../../src/platform/clock.ts';
import { quietLog } from '../../../src/platform/log.ts';
import { createWork } from '../../../src/platform/work.ts';
import { aGroup, morning, simulatedVillage } from '../../support/channel.ts';

const room = 'r1@chatroom';
let running: Channel | null = null;
afterEach(async () => {
  await running?.stop();
  running = null;
});

/** A room of so many people; p1 has an alias there, p2 tells no name. Counts what is asked. */
class Crowd extends PuppetMock {
  lists = 0;
  looks = 0;
  most = 0;
  alias = '王大明';
  broken = false;
  #open = 0;

  override async onStart(): Promise<void> {
    await super.onStart();
    this.login('wx-bot');
  }
  override async roomMemberList(id: string): Promise<string[]> {
    this.lists++;
    if (this.broken) throw new Error('busy');
    return super.roomMemberList(id);
  }
  override async roomMemberPayload(id: string, contact: string) {
    this.looks++;
    this.most = Math.max(this.most, ++this.#open);
    const found = await super.roomMemberPayload(id, contact).finally(() => this.#open--);
    if (contact === 'p2') return { ...found, name: '' };
    return contact === 'p1' ? { ...found, roomAlias: this.alias } : found;
  }
  override async contactPayload(contact: string) {
    return contact === 'p2' ? Promise.reject(new Error('unknown')) : super.contactPayload(contact);
  }
}

async function crowd(people: number) {
  const clock = createFakeClock(morning);
  const mocker = new mock.Mocker();
  const puppet = new Crowd({ mocker });
  const ids = ['wx-bot', ...Array.from({ length: people }, (_, at) => `p${at + 1}`)];
  for (const id of ids) mocker.createContact({ id, name: id });
  mocker.createRoom({ id: room, topic: 'T', memberIdList: ids });
  const work = createWork(() => undefined);
  const channel = createWechatyChannel({ puppet: () => puppet, clock, work, log: quietLog });
  await channel.start();
  running = channel;
  const list = async () => (await channel.members?.(room)) ?? [];
  const wait = (seconds: number) => clock.advanceTo(new Date(clock.now().getTime() + seconds * 1000));
  return { channel, puppet, list, wait };
}

it('tells everybody but the account itself, by the alias in the room first, and leaves out whom nobody can name', async () => {
  const { list } = await crowd(3);
  expect(await list()).toEqual([
    { contact: 'p1', name: '王大明' },
    { contact: 'p3', name: 'p3' },
  ]);
});

it('asks WeChat once a minute, a few names at a time, and sees a name that was put right', async () => {
  const { puppet, list, wait } = await crowd(60);
  await Promise.all([list(), list(), list()]);
  await list();
  expect(puppet.lists).toBe(1);
  expect(puppet.looks).toBe(60);
  expect(puppet.most).toBeLessThanOrEqual(5);
  puppet.alias = '李芳';
  expect((await list())[0]?.name).toBe('王大明');
  await wait(61);
  expect((await list())[0]?.name).toBe('李芳');
});

it('keeps no fault: whoever asks next asks anew', async () => {
  const { puppet, list } = await crowd(3);
  puppet.broken = true;
  await expect(list()).rejects.toMatchObject({ name: 'ChannelError', kind: 'retry' });
  puppet.broken = false;
  expect(await list()).toHaveLength(2);
});

it('refuses while nobody is logged in, and a channel without WeChat tells nothing', async () => {
  const { channel, list } = await crowd(3);
  await channel.stop();
  await expect(list()).rejects.toMatchObject({ kind: 'retry' });
  expect(createSilentChannel().members).toBeUndefined();
});

it('works in the simulator', async () => {
  const { simulator } = await simulatedVillage();
  running = simulator.channel;
  expect(await simulator.channel.members?.(aGroup)).toEqual([
    { contact: 'wx-M0001', name: '桂花树下' },
    { contact: 'wx-M0002', name: '幺妹儿' },
    { contact: 'wx-M0003', name: '老李' },
  ]);
});
