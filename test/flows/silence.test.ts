import { describe, expect, it } from 'vitest';
import { inbox } from '../../src/messages/messages.model.ts';
import { openActivity, sendNotice } from '../support/stories.ts';
import { openTestVillage } from '../support/village.ts';

describe('in a villagers’ group', () => {
  it('talk that begins like a command, a villager’s or a cadre’s, gets no answer', async () => {
    const it = await openTestVillage();
    await openActivity(it, { id: 'A1' });
    await sendNotice(it, 'N1');
    const talk = [
      '报名费好多哦',
      '政策好 人长寿',
      '活动活动筋骨',
      '评价好才敢买',
      '反对无效哈',
      '反馈回来没有',
      '进度慢得很',
      '通知没有说嘛',
      '要',
      '不要',
      '更多',
      '菜单拿来看下',
      '撤销不了',
      '绑定微信银行卡',
      '名单 在村委会贴起的',
      '改期 到礼拜天哈',
      '取消活动 要不得哦',
      '点名 就晓得了',
      '办理 3 个人的社保',
      '办结 2 张证',
      '停发 2 月的',
      '审核 12 通过',
      '延期 3 天 要得不',
      '转派 3 他',
      '发通知没有',
      '发通知了哈',
      '发活动的照片',
      '发绑定码 张三',
      '受理 3',
      '收到红包了',
      '快递收到没',
      '鸡蛋收到了',
      '晓得了',
      '要得',
      '是',
      '2',
    ];
    for (const [n, text] of talk.entries())
      for (const from of ['M1', 'M5']) expect(await it.write(`${from}-${n}`, from, '三组', text), text).toEqual([]);
    const notices = await it.village.notices.state();
    expect(notices.acks['N1'] ?? []).toEqual([]);
    expect(it.faults).toEqual([]);
  });

  it('the text of talk is not kept', async () => {
    const it = await openTestVillage();
    await it.write('1', 'M1', '三组', '我手机号19912345678');
    const row = await it.village.ground.store.collection(inbox).get('loop:1');
    expect(JSON.stringify(row)).not.toContain('199');
  });

  it('a mention in small talk gets one polite line without any effect', async () => {
    const it = await openTestVillage();
    await openActivity(it, { id: 'A1' });
    expect(await it.write('1', 'M1', '三组', '@小溪\u2005你吃了没得')).toHaveLength(1);
    const activities = await it.village.activities.state();
    expect(activities.signups['A1'] ?? []).toEqual([]);
  });

  it('voice, stickers and files get no answer; in a direct chat they get one', async () => {
    const it = await openTestVillage();
    for (const [n, kind] of (['voice', 'sticker', 'file', 'video'] as const).entries()) {
      const attachments = [{ kind, name: 'x', read: () => Promise.resolve(new Uint8Array()) }];
      expect(await it.write(`g${n}`, 'M1', '三组', '', { attachments })).toEqual([]);
      expect(await it.write(`d${n}`, 'M1', null, '', { attachments })).toEqual([
        '听不了语音,请转成文字发,或回“转人工”。',
      ]);
    }
  });

  it('a form of a cadre that was meant for the management group is answered, and does nothing', async () => {
    const it = await openTestVillage();
    const form = '发通知\n标题:停水\n内容:明天停水\n范围:三组';
    expect(await it.write('1', 'M5', '三组', form)).toEqual(['这个请在管理群或者私聊里发,没有动。']);
    expect(await it.write('2', 'M1', '三组', form)).toEqual([]);
    expect(await it.write('3', 'M5', '三组', '确认')).toEqual([]);
    const { notices } = await it.village.notices.state();
    expect(notices).toEqual({});
  });
});

describe('a message', () => {
  it('that comes twice, also hours later or as another text, has one effect and one answer', async () => {
    const it = await openTestVillage();
    await openActivity(it, { id: 'A1', capacity: 9 });
    expect(await it.write('1', 'M1', '三组', '报名 桂花园除草')).toHaveLength(1);
    expect(await it.write('1', 'M1', '三组', '报名 桂花园除草')).toEqual([]);
    await it.until('2026-03-18T15:00:00+08:00');
    expect(await it.write('1', 'M1', '三组', '取消报名')).toEqual([]);
    const { seats } = await it.village.activities.state();
    expect(seats['A1']).toMatchObject({ confirmed: 1 });
  });

  it('whose picture takes long is not begun by a sweep without it', async () => {
    const it = await openTestVillage();
    await it.write('1', 'M1', null, '反馈 三组坎下路灯不亮');
    let arrive = (): void => undefined;
    const bytes = new Promise<Uint8Array>((resolve) => {
      arrive = () => resolve(Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 0, 0, 0, 0, 0, 0, 0, 0]));
    });
    const attachments = [{ kind: 'image' as const, name: 'a.jpg', read: () => bytes }];
    const written = it.write('2', 'M1', null, '', { attachments });
    await new Promise((resolve) => setImmediate(resolve));
    await it.village.pipeline.resume();
    arrive();
    expect(await written).toHaveLength(1);
    const report = await it.village.feedback.get('loop:1');
    expect(report?.images).toHaveLength(1);
    expect(report?.images).not.toContain('missing:a.jpg');
    expect(report?.images).not.toContain('a.jpg');
  });
});
