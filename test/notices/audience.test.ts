import { beforeEach, describe, expect, it } from 'vitest';
import { buildNotice, buildNotices, type NoticeBench } from '../support/notices.ts';

let bench: NoticeBench;
beforeEach(async () => {
  bench = await buildNotices();
});

const none = { people: 0, households: 0, rooms: [], directs: 0, leftOut: 0, unreachedHouseholds: 0 };

describe('the preview counts', () => {
  it('who uses WeChat in the groups, and households that nobody reaches', async () => {
    expect(await bench.notices.preview({ rooms: ['一组'] }, 'normal')).toEqual({
      ...none,
      people: 3,
      households: 2,
      rooms: ['一组'],
      unreachedHouseholds: 1,
    });
  });

  it('a person once who is in the group and gets it directly', async () => {
    expect(await bench.notices.preview({ rooms: ['一组'], direct: ['M1', 'M5'] }, 'normal')).toMatchObject({
      people: 4,
      households: 3,
      directs: 2,
    });
  });

  it('the unsubscribed as left out, but not for an urgent one', async () => {
    await bench.members.stop('M5', 'x:1');
    const audience = { rooms: ['一组'], direct: ['M5'] };
    expect(await bench.notices.preview(audience, 'normal')).toMatchObject({ people: 3, directs: 0, leftOut: 1 });
    expect(await bench.notices.preview(audience, 'urgent')).toMatchObject({ people: 4, directs: 1, leftOut: 0 });
  });

  it('a grid as its group, the village as all groups', async () => {
    expect(await bench.notices.preview({ grids: ['二组'] }, 'normal')).toMatchObject({ rooms: ['二组'] });
    expect(await bench.notices.preview({ grids: ['清溪村'] }, 'normal')).toMatchObject({ rooms: ['一组', '二组'] });
  });
});

describe('people chosen by household, role or tag', () => {
  beforeEach(async () => {
    for (const member of ['M1', 'M6', 'S1', 'W1']) await bench.messages.wroteDirectly(member, `wx-${member}`);
  });

  it('are reached in their direct chats, never in the group', async () => {
    expect(await bench.notices.preview({ tags: ['低保'] }, 'normal')).toMatchObject({
      rooms: [],
      directs: 1,
      people: 1,
    });
    expect(await bench.notices.preview({ roles: ['网格员'] }, 'normal')).toMatchObject({ rooms: [], directs: 1 });
  });

  it('who cannot be reached directly are counted as such', async () => {
    expect(await bench.notices.preview({ households: ['H1', 'H2'] }, 'normal')).toEqual({
      ...none,
      people: 1,
      households: 1,
      directs: 1,
      unreachedHouseholds: 1,
    });
  });

  it('must fit all that is named, within the grid', async () => {
    expect(await bench.notices.preview({ grids: ['一组'], tags: ['低保'] }, 'normal')).toEqual(none);
    expect(await bench.notices.preview({ grids: ['二组'], tags: ['低保'] }, 'normal')).toMatchObject({ directs: 1 });
  });

  it('are looked up when it is said', async () => {
    const actor = await bench.actor('S1');
    await bench.notices.send(actor, buildNotice({ rooms: [], households: ['H1', 'H2'] }));
    await bench.messages.wroteDirectly('M3', 'wx-M3');
    await bench.notices.approve(await bench.actor('S2'), 'N1');
    await bench.settle();
    expect((await bench.notices.state()).notices['N1']?.directTo).toEqual(['M1', 'M3']);
  });
});
