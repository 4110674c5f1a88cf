import { describe, expect, it } from 'vitest';
import { createPace } from '../../../bots/conversation/pace.ts';
import { mostHeld } from '../../../bots/conversation/pipeline.ts';
import type { Skill } from '../../../bots/skills/skill.ts';
import { createFakeClock } from '../../../src/platform/clock.ts';
import { outbox } from '../../../src/messages/messages.model.ts';
import { morning } from '../../support/messages.ts';
import { buildChat, inRoom } from '../../support/pipeline.ts';

const tooFast = 'fault messages.too-fast';

describe('the pace of those who write', () => {
  it('lets so many a minute through, then tells once', () => {
    const clock = createFakeClock(morning);
    const pace = createPace(clock, { perPerson: 3, perRoom: 100 });
    const said = Array.from({ length: 6 }, () => pace.of('a', null));
    expect(said).toEqual(['go', 'go', 'go', 'tell', 'refuse', 'refuse']);
    expect(pace.of('b', null)).toBe('go');
  });

  it('counts a person in all chats, and a room over all persons', () => {
    const pace = createPace(createFakeClock(morning), { perPerson: 2, perRoom: 3 });
    expect([pace.of('a', 'r'), pace.of('a', null), pace.of('a', 's')]).toEqual(['go', 'go', 'tell']);
    expect([pace.of('b', 'r'), pace.of('c', 'r'), pace.of('d', 'r'), pace.of('e', 'r')]).toEqual([
      'go',
      'go',
      'tell',
      'refuse',
    ]);
    expect(pace.of('d', 's')).toBe('go');
  });

  it('begins afresh a minute later, and when the clock was set back', async () => {
    const clock = createFakeClock(morning);
    const pace = createPace(clock, { perPerson: 1, perRoom: 100 });
    const answers = [pace.of('a', null), pace.of('a', null)];
    await clock.advanceTo(new Date(morning.getTime() + 60_001), () => Promise.resolve());
    answers.push(pace.of('a', null), pace.of('a', null));
    expect(answers).toEqual(['go', 'tell', 'go', 'tell']);
    const yesterday = createPace(
      { ...clock, now: () => new Date(morning.getTime() - 86_400_000) },
      { perPerson: 1, perRoom: 9 },
    );
    expect(yesterday.of('a', null)).toBe('go');
  });

  it('lets a group of 500 answer all at once', () => {
    const pace = createPace(createFakeClock(morning));
    expect(Array.from({ length: 500 }, (_, n) => pace.of(`p${n}`, 'r')).every((one) => one === 'go')).toBe(true);
  });
});

const reporting = (filed: string[]): Skill => ({
  verbs: {
    'feedback.submit': (turn, slots) => {
      filed.push(`${turn.person} ${String(slots['text'])}`);
      return Promise.resolve({ text: '记下了' });
    },
  },
});

describe('somebody who floods', () => {
  it('is told once, and what was accepted stays accepted', async () => {
    const filed: string[] = [];
    const chat = buildChat([reporting(filed)], { pace: { perPerson: 3, perRoom: 100 } });
    for (let n = 1; n <= 6; n++) chat.channel.hear({ id: `m${n}`, text: `反馈 路灯坏了${n}` });
    await chat.work.idle();
    expect(filed).toHaveLength(3);
    expect(chat.channel.heard.map(({ text }) => text)).toEqual(['记下了', '记下了', '记下了', tooFast]);
    await chat.later(2);
    expect(await chat.write({ id: 'm7', text: '反馈 路灯又坏了' })).toEqual(['记下了']);
    expect(chat.faults).toEqual([]);
  });

  it('pays nothing for chatter', async () => {
    const filed: string[] = [];
    const chat = buildChat([reporting(filed)], { pace: { perPerson: 2, perRoom: 3 } });
    for (let n = 1; n <= 30; n++) await chat.write({ id: `m${n}`, text: `今天天气好${n}`, ...inRoom });
    expect(await chat.write({ id: 'r', text: '反馈 路灯坏了', ...inRoom })).toEqual(['记下了']);
  });

  it('is not told of a message that came twice', async () => {
    const filed: string[] = [];
    const chat = buildChat([reporting(filed)], { pace: { perPerson: 1, perRoom: 9 } });
    expect(await chat.write({ id: 'm1', text: '反馈 路灯坏了' })).toEqual(['记下了']);
    expect(await chat.write({ id: 'm1', text: '反馈 路灯坏了' })).toEqual([]);
  });
});

describe('a burst', () => {
  it('is held in memory up to a bound; the chats that came too late are told, once each', async () => {
    const filed: string[] = [];
    const chat = buildChat([reporting(filed)]);
    const burst = (from: number, to: number, more: object): void => {
      for (let n = from; n < to; n++) chat.channel.hear({ id: `m${n}`, text: `哈哈${n}`, ...inRoom, ...more });
    };
    burst(0, mostHeld, {});
    burst(mostHeld, mostHeld + 50, {});
    burst(mostHeld + 50, mostHeld + 100, { room: null, sender: { id: 'wx-M2', name: '李嬢嬢' } });
    await chat.work.idle();
    const rows = await chat.store.collection(outbox).find({});
    expect(rows.map(({ text }) => text)).toEqual(['fault messages.too-many', 'fault messages.too-many']);
    expect(chat.faults).toMatchObject([{ code: 'messages.too-many' }, { code: 'messages.too-many' }]);
    expect(await chat.write({ id: 'after', text: '反馈 路灯坏了' })).toEqual(['记下了']);
  });
});
