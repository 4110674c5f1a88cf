import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Skill } from '../../../bots/skills/skill.ts';
import { inbox } from '../../../src/messages/messages.model.ts';
import { AppError } from '../../../src/shared/errors.ts';
import { outOfReach } from '../../support/out-of-reach.ts';
import { buildChat, inRoom } from '../../support/pipeline.ts';

/** Sign-ups of sorts: asks which one, counts what it did. */
function countingSkill(done: string[] = []): Skill {
  return {
    verbs: {
      'activity.signup': (turn, slots) =>
        Promise.resolve(
          slots['ref'] === undefined
            ? {
                text: '哪个?',
                ask: { verb: 'pick', slots: { for: turn.person }, accepts: ['number'], options: ['A1', 'A2'] },
              }
            : { text: `已报${JSON.stringify(slots['ref']).replaceAll('"', '')}` },
        ),
      pick: (turn, slots) => {
        done.push(`${turn.person} ${String(slots['choice'])} ${String(slots['for'])}`);
        return Promise.resolve({
          text: `已报${String(slots['choice'])}`,
          change: { verb: 'pick.undo', slots: { choice: slots['choice'] } },
        });
      },
      'pick.undo': (turn, slots) => {
        done.push(`${turn.person} undo ${String(slots['choice'])}`);
        return Promise.resolve({ text: '已撤销' });
      },
      'feedback.submit': () => Promise.reject(new AppError('feedback.closed', 409)),
      'activity.mine': () => Promise.reject(new Error('broken')),
      'notice.ack': () => Promise.resolve({ text: null, keepsQuestion: true }),
    },
    fits: {
      'activity.signup': (_turn, slots) => Promise.resolve(slots['joined'] !== true || slots['ref'] === '院坝会'),
      'notice.ack': (_turn, slots) => Promise.resolve(slots['text'] === '收到'),
    },
  };
}

/** Lets everything go on that waits for nothing but its turn. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}

const other = { sender: { id: 'wx-M2', name: '李嬢嬢' } };

describe('who gets an answer', () => {
  it('is everybody in a direct chat', async () => {
    const chat = buildChat([countingSkill()]);
    expect(await chat.write({ id: '1', text: '今天天气好' })).toHaveLength(1);
    expect(await chat.write({ id: '2', text: '谢谢' })).toHaveLength(1);
    expect(await chat.write({ id: '3', attachments: [voice] })).toEqual(['听不了语音,请转成文字发,或回“转人工”。']);
  });

  it('is nobody in a group without a mention, a command or an open dialogue', async () => {
    const chat = buildChat([countingSkill()]);
    for (const [n, text] of ['今天天气好', '2', '是', '报名费好多哦', '要得'].entries())
      expect(await chat.write({ ...inRoom, id: `${n}`, text })).toEqual([]);
    expect(await chat.write({ ...inRoom, id: 'v', attachments: [voice] })).toEqual([]);
  });

  it('is who mentions the bot or says an exact command in a group', async () => {
    const chat = buildChat([countingSkill()]);
    expect(await chat.write({ ...inRoom, id: '1', text: '@小溪\u2005你好', mentionsBot: true })).toHaveLength(1);
    expect(await chat.write({ ...inRoom, id: '2', text: '报名院坝会' })).toEqual(['已报院坝会']);
    expect(chat.channel.heard.at(-1)).toMatchObject({ to: { room: 'r1@chatroom' }, mentions: ['wx-M1'] });
  });

  it('stays silent about what is only counted', async () => {
    const chat = buildChat([countingSkill()]);
    expect(await chat.write({ ...inRoom, id: '1', text: '收到' })).toEqual([]);
  });
});

describe('a message', () => {
  it('sent twice has one effect and one answer', async () => {
    const done: string[] = [];
    const chat = buildChat([countingSkill(done)]);
    await chat.write({ id: '1', text: '报名' });
    expect(await chat.write({ id: '2', text: '2' })).toEqual(['已报A2']);
    expect(await chat.write({ id: '2', text: '2' })).toEqual([]);
    expect(done).toHaveLength(1);
  });

  it('that is chatter leaves nothing but its id', async () => {
    const chat = buildChat([countingSkill()]);
    await chat.write({ ...inRoom, id: '1', text: '昨晚黑那场雨下得好' });
    const row = await chat.store.collection(inbox).get('loop:1');
    expect(Object.keys(row ?? {}).toSorted()).toEqual(['_id', 'attempts', 'receivedAt', 'state']);
  });

  it('that was handled leaves nothing but its id either', async () => {
    const chat = buildChat([countingSkill()]);
    await chat.write({ id: '1', text: '报名' });
    expect(await chat.store.collection(inbox).get('loop:1')).not.toHaveProperty('task');
  });

  it('of ten million characters gets a plain refusal and changes nothing', async () => {
    const done: string[] = [];
    const chat = buildChat([countingSkill(done)]);
    expect(await chat.write({ id: '1', text: '报名 '.padEnd(10_000_000, '院') })).toEqual([
      '这条太长了,没有办。请分成几条短的发。',
    ]);
    expect(await chat.write({ ...inRoom, id: '2', text: '院'.repeat(10_000_000) })).toEqual([]);
    expect(done).toEqual([]);
  });

  it('of emoji, right-to-left signs or nothing at all gets an answer in a direct chat', async () => {
    const chat = buildChat([countingSkill()]);
    for (const [n, text] of ['😂😂', '\u202e坏人', '\u0000\u200b', '', '   ', '\ud83d'].entries())
      expect(await chat.write({ id: `${n}`, text })).toHaveLength(1);
    expect(chat.faults).toEqual([]);
  });
});

const voice = { kind: 'voice', name: 'a.sil', read: () => Promise.resolve(new Uint8Array()) } as const;

describe('a question', () => {
  it('is answered by its own sender alone, within 15 minutes', async () => {
    const done: string[] = [];
    const chat = buildChat([countingSkill(done)]);
    await chat.write({ ...inRoom, id: '1', text: '报名' });
    expect(await chat.write({ ...inRoom, ...other, id: '2', text: '2' })).toEqual([]);
    expect(await chat.write({ id: '3', text: '2' })).not.toContain('已报A2');
    await chat.later(15);
    expect(await chat.write({ ...inRoom, id: '4', text: '２' })).toEqual(['已报A2']);
    expect(done).toEqual(['wx:wx-M1 A2 wx:wx-M1']);
  });

  it('that is older answers in a direct chat without effect, in a group not at all', async () => {
    const done: string[] = [];
    const chat = buildChat([countingSkill(done)]);
    await chat.write({ id: '1', text: '报名' });
    await chat.write({ ...inRoom, id: '2', text: '报名' });
    await chat.later(16);
    expect(await chat.write({ id: '3', text: '1' })).toEqual(['刚才那个问题过了15分钟,没有办。要办请从头再说一次。']);
    expect(await chat.write({ ...inRoom, id: '4', text: '1' })).toEqual([]);
    expect(done).toEqual([]);
  });

  it('closes with its answer, with another command, and with 算了; not with a counted 收到', async () => {
    const done: string[] = [];
    const chat = buildChat([countingSkill(done)]);
    await chat.write({ ...inRoom, id: '1', text: '报名' });
    await chat.write({ ...inRoom, id: '2', text: '收到' });
    expect(await chat.write({ ...inRoom, id: '3', text: '1' })).toEqual(['已报A1']);
    expect(await chat.write({ ...inRoom, id: '4', text: '1' })).toEqual([]);
    await chat.write({ ...inRoom, id: '5', text: '报名' });
    await chat.write({ ...inRoom, id: '6', text: '报名院坝会' });
    expect(await chat.write({ ...inRoom, id: '7', text: '1' })).toEqual([]);
    await chat.write({ ...inRoom, id: '8', text: '报名' });
    expect(await chat.write({ ...inRoom, id: '9', text: '算了' })).toEqual(['好,不办了。']);
    expect(await chat.write({ ...inRoom, id: '10', text: '1' })).toEqual([]);
    expect(done).toHaveLength(1);
  });
});

describe('撤销', () => {
  it('undoes the last change in that chat within 10 minutes, once', async () => {
    const done: string[] = [];
    const chat = buildChat([countingSkill(done)]);
    await chat.write({ id: '1', text: '报名' });
    await chat.write({ id: '2', text: '1' });
    expect(await chat.write({ ...inRoom, id: '3', text: '撤销' })).toEqual(['没有可以撤销的。']);
    await chat.later(10);
    expect(await chat.write({ id: '4', text: '撤销' })).toEqual(['已撤销']);
    expect(await chat.write({ id: '5', text: '撤销' })).toEqual(['没有可以撤销的。']);
    expect(done).toEqual(['wx:wx-M1 A1 wx:wx-M1', 'wx:wx-M1 undo A1']);
  });

  it('comes too late after more', async () => {
    const done: string[] = [];
    const chat = buildChat([countingSkill(done)]);
    await chat.write({ id: '1', text: '报名' });
    await chat.write({ id: '2', text: '1' });
    await chat.later(11);
    expect(await chat.write({ id: '3', text: '撤销' })).toEqual([
      '超过10分钟了,撤不了。要改请说具体的,比如“取消报名”。',
    ]);
    expect(done).toHaveLength(1);
  });

  it('is offered when the message that changed something is recalled', async () => {
    const done: string[] = [];
    const chat = buildChat([countingSkill(done)]);
    await chat.write({ ...inRoom, id: '1', text: '报名' });
    await chat.write({ ...inRoom, id: '2', text: '1' });
    expect(await chat.write({ ...inRoom, id: '3', recalls: 'other' })).toEqual([]);
    expect(await chat.write({ ...inRoom, id: '4', recalls: '2' })).toHaveLength(1);
    expect(await chat.write({ ...inRoom, id: '5', text: '是' })).toEqual(['已撤销']);
    expect(done.at(-1)).toBe('wx:wx-M1 undo A1');
  });
});

describe('a fault', () => {
  it('of the rules becomes one plain sentence', async () => {
    const chat = buildChat([countingSkill()]);
    expect(await chat.write({ id: '1', text: '反馈 路灯坏了' })).toEqual(['fault feedback.closed']);
  });

  it('of ours is tried three times, told, and parked for a person', async () => {
    const chat = buildChat([countingSkill()]);
    expect(await chat.write({ id: '1', text: '我的报名' })).toEqual(['fault general']);
    expect(chat.faults).toHaveLength(3);
    expect(await chat.store.collection(inbox).get('loop:1')).toMatchObject({ state: 'parked', attempts: 3 });
  });

  it('of one chat does not stop the others', async () => {
    const chat = buildChat([countingSkill()]);
    chat.channel.hear({ id: '1', text: '我的报名' });
    chat.channel.hear({ ...other, id: '2', text: '报名' });
    await chat.work.idle();
    expect(chat.channel.heard.map(({ text }) => text).toSorted()).toEqual(['fault general', '哪个?']);
  });
});

describe('a store that fails', () => {
  it('for a while loses no message: it is taken again once the store answers', async () => {
    const whole = buildChat([countingSkill()]);
    let down = true;
    const faulty = outOfReach(whole.store, () => down);
    const chat = buildChat([countingSkill()], { store: faulty, clock: whole.clock });
    expect(await chat.write({ id: '1', text: '报名院坝会' })).toEqual([]);
    expect(chat.faults).toHaveLength(1);
    down = false;
    await chat.later(1);
    expect(chat.channel.heard.map(({ text }) => text)).toEqual(['已报院坝会']);
  });
});

describe('a store that fails until the end', () => {
  async function failing() {
    const whole = buildChat([countingSkill()]);
    const store = { down: true };
    const faulty = outOfReach(whole.store, () => store.down);
    const chat = buildChat([countingSkill()], { store: faulty, clock: whole.clock });
    await chat.write({ id: '1', text: '报名院坝会' });
    return { chat, store };
  }

  it('is asked once more when the process stops, and takes what it had refused', async () => {
    const { chat, store } = await failing();
    store.down = false;
    chat.pipeline.stop();
    await chat.work.idle();
    await chat.later(600);
    expect(chat.channel.heard.map(({ text }) => text)).toEqual(['已报院坝会']);
  });

  it('keeps no process alive: after the last try none is planned', async () => {
    const { chat, store } = await failing();
    chat.pipeline.stop();
    await chat.work.idle();
    expect(chat.faults).toHaveLength(2);
    store.down = false;
    await chat.later(600);
    expect(chat.channel.heard).toEqual([]);
  });
});

describe('a crash', () => {
  it('between receiving and answering is mended at the next start: one effect, one answer', async () => {
    const first = buildChat([countingSkill()]);
    const task = {
      room: null,
      contact: 'wx-M1',
      called: '王大爷',
      person: 'wx:wx-M1',
      mention: false,
      text: '报名院坝会',
      images: [],
      action: { verb: 'activity.signup', slots: { ref: '院坝会' } },
      answers: false,
    };
    await first.messages.inbox.receive('loop:1', task);
    const next = buildChat([countingSkill()], { store: first.store, clock: first.clock });
    await next.pipeline.resume();
    await next.pipeline.resume();
    await next.work.idle();
    expect(next.channel.heard.map(({ text }) => text)).toEqual(['已报院坝会']);
    expect(await next.write({ id: '1', text: '报名院坝会' })).toEqual([]);
  });

  it('is mended once: what was handled since it was looked for is not handled again', async () => {
    const done: string[] = [];
    let finish = (): void => undefined;
    const slow: Skill = {
      verbs: { slow: () => new Promise((resolve) => (finish = () => resolve({ text: '好' }))) },
    };
    const chat = buildChat([countingSkill(done), slow]);
    const left = { called: '', mention: false, text: '', images: [], answers: false, room: null };
    const one = { ...left, contact: 'wx-A', person: 'wx:wx-A', action: { verb: 'slow', slots: {} } };
    const two = { ...left, contact: 'wx-B', person: 'wx:wx-B', action: { verb: 'pick', slots: { choice: 'A1' } } };
    await chat.messages.inbox.receive('loop:1', one);
    await chat.later(1);
    await chat.messages.inbox.receive('loop:2', two);
    const early = chat.pipeline.resume();
    await turns(20);
    await chat.pipeline.resume();
    finish();
    await early;
    expect(done).toEqual(['wx:wx-B A1 undefined']);
  });
});

describe('many people in one room', () => {
  it('never answer each other’s questions, in whatever order they speak', { timeout: 180_000 }, async () => {
    const people = ['wx-A', 'wx-B', 'wx-C', 'wx-D'];
    const line = fc.record({
      who: fc.constantFrom(...people),
      text: fc.constantFrom('报名', '报名', '1', '2', '算了', '今天天气好', '是', '撤销'),
      wait: fc.constantFrom(0, 0, 0, 0, 0, 0, 1, 9, 16),
    });
    const done: string[] = [];
    // One bot, a fresh room each time: dialogues belong to a room.
    let chat = buildChat([countingSkill(done)]);
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 2, maxLength: 6 }), async (lines) => {
        if (++runs % 1000 === 0) chat = buildChat([countingSkill(done)]);
        const room = { id: `r${runs}@chatroom`, topic: '村民群' };
        done.length = 0;
        const model: string[] = [];
        const open = new Map<string, number>();
        const changed = new Map<string, { choice: string; at: number }>();
        let now = 0;
        for (const [n, { who, text, wait }] of lines.entries()) {
          // Without a wait they speak at once: the bot hears the next before it has answered the last.
          if (wait > 0) await chat.later(wait);
          now += wait;
          chat.channel.hear({ room, sender: { id: who, name: who }, id: `${runs}-${n}`, text });
          const asked = open.get(who);
          const answerable = asked !== undefined && now - asked <= 15;
          const last = changed.get(who);
          if (text === '报名') open.set(who, now);
          else if (text === '撤销') {
            open.delete(who);
            if (last !== undefined && now - last.at <= 10) {
              model.push(`wx:${who} undo ${last.choice}`);
              changed.delete(who);
            }
          } else if (text === '算了') open.delete(who);
          else if (answerable && (text === '1' || text === '2')) {
            model.push(`wx:${who} A${text} wx:${who}`);
            changed.set(who, { choice: `A${text}`, at: now });
            open.delete(who);
          }
        }
        await chat.work.idle();
        expect(done).toEqual(model);
        expect(chat.faults).toEqual([]);
      }),
      { numRuns: 10_000 },
    );
  });
});
