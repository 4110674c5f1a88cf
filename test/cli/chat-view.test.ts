import { describe, expect, it } from 'vitest';
import { createChatView, widthOf, wrap } from '../../cli/chat-view.ts';

const at = (time: string): Date => new Date(`2026-03-18T${time}:00+08:00`);
const view = (colours = false) => createChatView({ width: 40, colours, dayOf: () => '3月18日' });

describe('a chat in a terminal', () => {
  it('shows the day and the group once, then name, time and text', () => {
    const chat = view();
    const first = chat.bubble({ at: at('09:30'), room: '三组村民群', speaker: '老李', bot: false, text: '活动' });
    const second = chat.bubble({
      at: at('09:30'),
      room: '三组村民群',
      speaker: '小溪',
      bot: true,
      text: '1 院坝会\n2 培训',
    });
    expect(first.split('\n')).toEqual([
      '',
      '3月18日',
      '',
      expect.stringContaining('三组村民群'),
      '  老李 09:30',
      '  ▏活动',
    ]);
    expect(second.split('\n')).toEqual(['        小溪 09:30', '        ▏1 院坝会', '        ▏2 培训']);
  });

  it('names the person of a direct chat, also where the bot speaks', () => {
    const said = view().bubble({ at: at('09:30'), room: null, speaker: '小溪', to: '老李', bot: true, text: '收到' });
    expect(said).toContain('与老李的私聊');
  });

  it('colours only when told to', () => {
    const bubble = { at: at('09:30'), room: null, speaker: '老李', bot: false, text: '早' };
    expect(view().bubble(bubble)).not.toContain('\u001B');
    expect(view(true).bubble(bubble)).toContain('\u001B');
  });

  it('breaks long lines by columns and keeps closing marks off their beginning', () => {
    expect(widthOf('院坝会3')).toBe(7);
    expect(wrap('一二三四五。六', 10)).toEqual(['一二三四五。', '六']);
    expect(wrap('abc', 10)).toEqual(['abc']);
    expect(wrap('', 10)).toEqual(['']);
  });
});
