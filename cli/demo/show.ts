import type { ChatMessage } from '../../bots/simulator/index.ts';
import { formatDay } from '../../src/shared/calendar/index.ts';
import { createChatView } from '../chat-view.ts';
import type { Cast } from '../replay/cast.ts';
import type { OperatorLine } from '../replay/transcript.ts';
import { botName } from '../replay/stage.ts';

/** Prints the village's chats as people would see them on their phones. */
export interface Show {
  message(message: ChatMessage): void;
  acts(line: OperatorLine, who: string): void;
  note(text: string): void;
}

/** What an operator did, as a stage direction. */
function direction(line: OperatorLine): string {
  switch (line.do) {
    case 'notice.send':
      return line.args.kind === 'urgent'
        ? `发了紧急通知“${line.args.title}”`
        : `写好了通知“${line.args.title}”,等另一位干部审核`;
    case 'notice.approve':
      return '审核通过了通知';
    case 'activity.create':
      return `发了活动“${line.args.name}”`;
    case 'activity.cancel':
      return `取消了活动:${line.args.reason}`;
    case 'activity.reschedule':
      return `给活动改了期:${line.args.reason}`;
    case 'feedback.assign':
      return '把一条反馈转给了别人办';
    case 'feedback.resolve':
      return `办好了一条反馈:${line.args.note}`;
  }
}

function shown(kind: ChatMessage['kind'], text: string): string {
  switch (kind) {
    case 'text':
      return text;
    case 'image':
      return `[图片] ${text}`;
    case 'voice':
      return `[语音] ${text}`;
    case 'recall':
      return '撤回了一条消息';
  }
}

export function createShow(options: {
  cast: Cast;
  print: (text: string) => void;
  width: number;
  colours: boolean;
}): Show {
  const { cast, print } = options;
  const view = createChatView({ width: options.width, colours: options.colours, dayOf: (at) => formatDay(at) });
  const names = new Map(cast.people.map(({ member, name }) => [member, name]));
  const topics = new Map(cast.rooms.map(({ room, topic }) => [room, topic]));
  const nameOf = (member: string): string => names.get(member) ?? member;
  // A mention ends with a sign that terminals show as nothing.
  const plain = (text: string): string => text.replaceAll('\u2005', ' ');

  return {
    message({ chat, from, kind, text, at }) {
      const direct = chat.startsWith('direct:');
      const bubble = {
        at: new Date(at),
        room: direct ? null : (topics.get(chat) ?? chat),
        text: shown(kind, plain(text)),
      };
      if (from !== null) print(view.bubble({ ...bubble, speaker: nameOf(from), bot: false }));
      else {
        const to = direct ? nameOf(chat.slice('direct:'.length)) : null;
        print(view.bubble({ ...bubble, speaker: botName, to, bot: true }));
      }
    },
    acts: (line, who) => print(view.note(`${who}${direction(line)}`)),
    note: (text) => print(view.note(text)),
  };
}
