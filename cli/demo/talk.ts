import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Cast } from '../replay/cast.ts';

/** Who is speaking, and where: our room id, or null in a direct chat. */
export interface Seat {
  readonly member: string;
  readonly name: string;
  readonly room: string | null;
}

export const talkHelp = '直接打字就是在说话。换人:/我是 M0180  换地方:/私聊、/群 三组  结束:Ctrl-C';

/** Reads what is typed: words of the villager whose seat is taken, or a change of seat. */
export function listen(deps: {
  input: Readable;
  cast: Cast;
  first: Seat;
  onWords: (seat: Seat, text: string) => void;
  onNote: (text: string) => void;
}): () => void {
  const { cast } = deps;
  let seat = deps.first;
  const where = (): string => (seat.room === null ? '私聊里' : `${seat.room}的群里`);
  const lines = createInterface({ input: deps.input, terminal: false });

  function change(command: string, argument: string): string {
    if (command === '我是') {
      const found = cast.people.filter(({ name, member }) => name === argument || member === argument);
      const [person] = found;
      if (person === undefined || found.length > 1) return `找不到唯一的“${argument}”,可以用编号,如 /我是 M0180`;
      const room = cast.rooms.find(({ members }) => members.includes(person.id))?.room ?? null;
      seat = { member: person.member, name: person.name, room: seat.room === null ? null : room };
    } else if (command === '私聊') seat = { ...seat, room: null };
    else if (command === '群') {
      const room = cast.rooms.find((each) => each.room === argument || each.topic === argument);
      if (room === undefined) return `没有“${argument}”这个群`;
      seat = { ...seat, room: room.room };
    } else return talkHelp;
    return `现在您是${seat.name},在${where()}`;
  }

  lines.on('line', (line) => {
    const text = line.trim();
    if (text === '') return;
    const [, command, argument = ''] = /^[/、/](\S+)\s*(.*)$/u.exec(text) ?? [];
    if (command === undefined) deps.onWords(seat, text);
    else deps.onNote(change(command, argument.trim()));
  });
  return () => lines.close();
}
