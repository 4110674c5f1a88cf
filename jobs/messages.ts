import type { MessageService } from '../src/messages/index.ts';
import type { Clock } from '../src/platform/clock.ts';
import type { Sweep } from './schedule.ts';

const day = 24 * 3_600_000;

/** Forgets ids of chatter and requests to become a contact after 48 hours, dialogues after 30 days. */
export function messageSweeps(deps: { messages: MessageService; clock: Clock }): readonly Sweep[] {
  const { messages, clock } = deps;
  return [
    { name: 'messages.ids', everyMinutes: 60, run: async () => void (await messages.inbox.purge()) },
    { name: 'messages.friends-old', everyMinutes: 60, run: async () => void (await messages.friends.purge()) },
    {
      name: 'messages.dialogues',
      everyMinutes: 60,
      run: async () => void (await messages.dialogues.purge(new Date(clock.now().getTime() - 30 * day))),
    },
  ];
}
