import type { SaidMessage } from '../../bots/channels/simulator.ts';
import { formatDay } from '../../src/shared/calendar/index.ts';
import { createChatView } from '../chat-view.ts';
import { contactOf } from '../replay/cast.ts';
import type { Cast } from '../replay/cast.ts';
import type { MessageLine, OperatorLine } from '../replay/transcript.ts';
import { botName } from '../replay/stage.ts';

/** Prints the village's chats as people would see them on their phones. */
export interface Show {
  wrote(line: MessageLine, text: string): void;
  said(message: SaidMessage): void;
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

export function createShow(options: {
  cast: Cast;
  print: (text: string) => void;
  width: number;
  colours: boolean;
}): Show {
  const { cast, print } = options;
  const view = createChatView({ width: options.width, colours: options.colours, dayOf: (at) => formatDay(at) });
  const names = new Map(cast.people.map(({ id, name }) => [id, name]));
  const topics = new Map(cast.rooms.flatMap(({ id, room, topic }) => [[id, topic] as const, [room, topic] as const]));
  const nameOf = (contact: string): string => names.get(contact) ?? contact;
  const topicOf = (room: string | null): string | null => (room === null ? null : (topics.get(room) ?? room));
  // A mention ends with a sign that terminals show as nothing.
  const plain = (text: string): string => text.replaceAll('\u2005', ' ');

  return {
    wrote(line, text) {
      const speaker = nameOf(contactOf(line.from));
      const words = [text, ...(line.image === undefined ? [] : [`[图片] ${line.image}`])].filter((part) => part !== '');
      print(view.bubble({ at: line.at, room: topicOf(line.room), speaker, bot: false, text: plain(words.join('\n')) }));
    },
    said({ at, room, contact, text }) {
      const to = contact === null ? null : nameOf(contact);
      print(view.bubble({ at, room: topicOf(room), speaker: botName, to, bot: true, text: plain(text) }));
    },
    acts: (line, who) => print(view.note(`${who}${direction(line)}`)),
    note: (text) => print(view.note(text)),
  };
}
