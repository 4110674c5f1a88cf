import { beforeEach, describe, expect, it } from 'vitest';
import { namedIn } from '../../src/grid/naming.ts';
import { systemActor } from '../../src/shared/access.ts';
import { plainCalendar } from '../../src/shared/calendar/index.ts';
import {
  actorWith,
  buildGrid,
  buildMember,
  buildRegistry,
  buildRoom,
  villager,
  type RegistryRig,
} from '../support/members.ts';

let rig: RegistryRig;

beforeEach(async () => {
  rig = buildRegistry();
  await rig.putGrids(
    buildGrid({ _id: '清溪村', parent: null }),
    buildGrid({ _id: '三组' }),
    buildGrid({ _id: '四组' }),
    buildGrid({ _id: '四组上院', parent: '四组' }),
  );
  await rig.put(
    buildMember({ _id: 'M1', name: '曹玉兰', grid: '三组' }),
    buildMember({ _id: 'M2', name: '吴昌玉', grid: '四组', nickname: '吴昌玉' }),
    buildMember({ _id: 'M3', name: '萧天才', grid: '三组' }),
    buildMember({ _id: 'M4', name: '许天才', grid: '三组' }),
  );
});

describe('who is on duty', () => {
  const onDuty = async (grid: string | null): Promise<string | null> => (await rig.grid.onDuty(grid))?._id ?? null;

  it('is the grid’s own officer', async () => {
    await rig.give('M1', '网格员', '三组');
    await rig.give('M2', '网格员', '四组');
    await rig.give('M3', '村主任');
    expect(await onDuty('四组')).toBe('M2');
    expect(await rig.grid.dutyOf('三组')).toMatchObject({ as: '网格员', grid: '三组' });
  });

  it('falls back up the tree, then to the 村主任, then to the 村支书', async () => {
    await rig.give('M2', '网格长', '四组');
    await rig.give('M4', '村支书');
    expect(await onDuty('四组上院')).toBe('M2');
    expect(await onDuty('三组')).toBe('M4');
    await rig.give('M3', '村主任');
    expect(await onDuty('三组')).toBe('M3');
    expect(await onDuty(null)).toBe('M3');
    expect(await onDuty('没有这个组')).toBe('M3');
  });

  it('is any officer rather than nobody, and nobody only without cadres', async () => {
    expect(await onDuty('三组')).toBeNull();
    await rig.give('M2', '网格员', '四组');
    expect(await onDuty('三组')).toBe('M2');
    expect(await onDuty(null)).toBe('M2');
  });

  it('prefers who lives in the grid, then who can be reached by WeChat', async () => {
    await rig.give('M1', '网格员', '四组');
    await rig.give('M2', '网格员', '四组');
    expect(await onDuty('四组')).toBe('M2');
    await rig.put(buildMember({ _id: 'M0', grid: '四组' }));
    await rig.give('M0', '网格员', '四组');
    expect(await onDuty('四组')).toBe('M2');
  });

  it('follows the rota while it lasts, and the latest hand-over', async () => {
    await rig.give('M1', '网格员', '三组');
    await rig.give('M3', '村主任');
    await rig.give('M4', '村支书');
    const now = rig.clock.now().getTime();
    const at = (minutes: number): Date => new Date(now + minutes * 60_000);
    await rig.grid.putOnDuty(systemActor, { grid: '三组', member: 'M3', from: at(0), to: at(120) });
    await rig.grid.putOnDuty(systemActor, { grid: '三组', member: 'M4', from: at(30), to: at(60) });
    expect(await onDuty('三组')).toBe('M3');
    await rig.pass(30);
    expect(await rig.grid.dutyOf('三组')).toMatchObject({ as: '值班', member: { _id: 'M4' } });
    await rig.pass(30);
    expect(await onDuty('三组')).toBe('M3');
    await rig.pass(60);
    expect(await onDuty('三组')).toBe('M1');
    expect(await rig.grid.duties('三组')).toEqual([]);
  });

  it('is nobody who has lost the office meanwhile', async () => {
    await rig.give('M1', '网格员', '三组');
    await rig.give('M3', '村主任');
    const from = rig.clock.now();
    const to = new Date(from.getTime() + 60 * 60_000);
    await rig.grid.putOnDuty(systemActor, { grid: '三组', member: 'M3', from, to });
    await rig.members.grants.revoke(systemActor, { member: 'M3', role: '村主任', scope: 'village' });
    expect(await onDuty('三组')).toBe('M1');
  });
});

describe('the rota', () => {
  const duty = (part: object = {}) => ({
    grid: '三组',
    member: 'M1',
    from: new Date('2026-03-18T00:00:00Z'),
    to: new Date('2026-03-19T00:00:00Z'),
    ...part,
  });

  it('takes officers alone, for a period that has not passed', async () => {
    await rig.give('M1', '网格员', '三组');
    await expect(rig.grid.putOnDuty(villager, duty())).rejects.toMatchObject({ status: 403 });
    await expect(rig.grid.putOnDuty(actorWith('网格员', '四组'), duty())).rejects.toMatchObject({ status: 403 });
    await expect(rig.grid.putOnDuty(systemActor, duty({ member: 'M4' }))).rejects.toMatchObject({
      code: 'grid.not-an-officer',
    });
    await expect(rig.grid.putOnDuty(systemActor, duty({ grid: '九组' }))).rejects.toMatchObject({
      code: 'grid.not-found',
    });
    for (const to of ['2026-03-18T00:00:00Z', '2026-03-17T00:00:00Z', '2026-03-18T01:00:00Z']) {
      await expect(rig.grid.putOnDuty(systemActor, duty({ to: new Date(to) }))).rejects.toMatchObject({
        code: 'grid.period',
      });
    }
    await rig.grid.putOnDuty(actorWith('网格员', '三组'), duty());
    await rig.grid.putOnDuty(actorWith('网格员', '三组'), duty());
    expect(await rig.grid.duties('三组')).toHaveLength(1);
  });

  it('ends a duty now, and strikes one that has not begun', async () => {
    await rig.give('M1', '网格员', '三组');
    const running = await rig.grid.putOnDuty(systemActor, duty());
    const coming = await rig.grid.putOnDuty(
      systemActor,
      duty({ from: new Date('2026-03-20T00:00:00Z'), to: new Date('2026-03-21T00:00:00Z') }),
    );
    await expect(rig.grid.endDuty(villager, running._id)).rejects.toMatchObject({ status: 403 });
    await rig.grid.endDuty(systemActor, running._id);
    await rig.grid.endDuty(systemActor, coming._id);
    expect(await rig.grid.duties('三组')).toEqual([]);
    await expect(rig.grid.endDuty(systemActor, coming._id)).rejects.toMatchObject({ code: 'grid.duty-not-found' });
  });
});

describe('the duty phone', () => {
  it('is published by the grid’s staff, and that of the village serves grids without one', async () => {
    expect(await rig.grid.dutyPhone('四组上院')).toBeNull();
    await rig.grid.publishDutyPhone(systemActor, '清溪村', '023 1234 5678');
    expect(await rig.grid.dutyPhone('四组上院')).toEqual({ grid: '清溪村', phone: '023-12345678' });
    await rig.grid.publishDutyPhone(actorWith('网格员', '四组'), '四组', '19900000099');
    expect(await rig.grid.dutyPhone('四组上院')).toEqual({ grid: '四组', phone: '19900000099' });
    await rig.grid.publishDutyPhone(systemActor, '四组', null);
    expect((await rig.grid.dutyPhone('四组'))?.grid).toBe('清溪村');
    await expect(rig.grid.publishDutyPhone(villager, '四组', '19900000099')).rejects.toMatchObject({ status: 403 });
    await expect(rig.grid.publishDutyPhone(systemActor, '四组', '110')).rejects.toMatchObject({ code: 'grid.phone' });
    await expect(rig.grid.publishDutyPhone(systemActor, '九组', null)).rejects.toMatchObject({ status: 404 });
  });
});

describe('rooms', () => {
  it('learn the channel’s id once, by their topic', async () => {
    await rig.putRooms(buildRoom({ _id: '三组' }), buildRoom({ _id: '四组' }));
    expect((await rig.grid.roomOfChannel('r1@chatroom', ' 三组村民群 '))?._id).toBe('三组');
    expect((await rig.grid.roomOfChannel('r1@chatroom', '改了名字'))?._id).toBe('三组');
    expect(await rig.grid.roomOfChannel('r2@chatroom', '三组村民群')).toBeNull();
    expect(await rig.grid.roomOfChannel('r3@chatroom', '别的群')).toBeNull();
    expect((await rig.grid.roomOf('三组'))?.channelRoom).toBe('r1@chatroom');
    expect(await rig.grid.roomOf('四组上院')).toBeNull();
  });

  it('learn nothing when two bear the topic', async () => {
    await rig.putRooms(buildRoom({ _id: '三组', topic: '乡亲群' }), buildRoom({ _id: '四组', topic: '乡亲群' }));
    expect(await rig.grid.roomOfChannel('r1@chatroom', '乡亲群')).toBeNull();
  });

  it('go to one of two groups that bear the topic and speak at once', async () => {
    await rig.putRooms(buildRoom({ _id: '三组' }));
    const found = await Promise.all(['r1@c', 'r2@c', 'r1@c'].map((id) => rig.grid.roomOfChannel(id, '三组村民群')));
    expect(found.map((room) => room?._id ?? null)).toEqual(['三组', null, '三组']);
  });

  it('are linked anew by an admin when the channel changed its ids', async () => {
    await rig.putRooms(buildRoom({ _id: '三组', channelRoom: 'old' }), buildRoom({ _id: '四组', channelRoom: 'new' }));
    await expect(rig.grid.linkRoom(actorWith('村支书'), '三组', 'new')).rejects.toMatchObject({ status: 403 });
    await expect(rig.grid.linkRoom(systemActor, '九组', 'new')).rejects.toMatchObject({ status: 404 });
    await rig.grid.linkRoom(actorWith('管理员'), '三组', 'new');
    expect((await rig.grid.roomOfChannel('new', ''))?._id).toBe('三组');
    expect((await rig.grid.room('四组'))?.channelRoom).toBeNull();
  });
});

describe('a grid named in a text', () => {
  const names = ['清溪村', '一组', '二组', '三组', '四组', '十三组', '桃园'];
  const named = (text: string): string | null => namedIn(text, names, '清溪村');

  it.each([
    ['三组坎下那盏灯', '三组'],
    ['3组坎下', '三组'],
    ['３组', '三组'],
    ['第三组的', '三组'],
    ['第 3 村民小组', '三组'],
    ['我们一组的网格员是哪个', '一组'],
    ['十三组', '十三组'],
    ['13组堰塘', '十三组'],
    ['清溪村二组', '二组'],
    ['清溪村的', '清溪村'],
    ['桃园那边', '桃园'],
    ['三组三组', '三组'],
  ])('%s', (text, name) => {
    expect(named(text)).toBe(name);
  });

  it.each(['', '网格员', '三组和四组', '二十三组', '103组', '这一组人', '每一组', '三队', '第三'])(
    'none in: %s',
    (text) => {
      expect(named(text)).toBeNull();
    },
  );

  it('is the grid itself', async () => {
    expect((await rig.grid.named('4组上院'))?._id).toBe('四组上院');
    expect((await rig.grid.named('4组'))?._id).toBe('四组');
  });
});

it('knows the tree, and is a plain village until told otherwise', async () => {
  await rig.putGrids(buildGrid({ _id: '十组' }), buildGrid({ _id: '二组' }));
  expect((await rig.grid.all()).map(({ _id }) => _id)).toEqual(['二组', '三组', '四组', '四组上院', '十组', '清溪村']);
  expect((await rig.grid.village())?._id).toBe('清溪村');
  expect(await rig.grid.calendar()).toEqual(plainCalendar);
});
