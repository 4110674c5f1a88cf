// A gateway as providers run them, in a process of its own: wechaty's PuppetServer over a simulated account.
// node --import tsx puppet-gateway.ts PORT TOKEN; orders come as lines of JSON, what the bot says leaves as such.
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { log } from 'wechaty-puppet';
import { PuppetServer } from 'wechaty-puppet-service';
import { VillagePuppet, type PhoneMessage } from '../../bots/channels/mock-puppet.ts';
import { createSystemClock } from '../../src/platform/clock.ts';

/** What the test tells the gateway. */
export type Order =
  | { readonly do: 'hear'; readonly messages: readonly Omit<PhoneMessage, 'sentAt'>[] }
  /** Every third look-up of a message takes so long. */
  | { readonly do: 'slow'; readonly ms: number }
  /** Saying something takes so long. */
  | { readonly do: 'mute'; readonly ms: number }
  /** No more signs of life, as of a quiet account; false: they come again. */
  | { readonly do: 'quiet'; readonly on: boolean }
  | { readonly do: 'befriend'; readonly id: string; readonly contact: string };

const tell = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

class SlowPuppet extends VillagePuppet {
  slowMs = 0;
  muteMs = 0;
  #asked = 0;

  override async messageRawPayload(id: string): Promise<Awaited<ReturnType<VillagePuppet['messageRawPayload']>>> {
    if (this.#asked++ % 3 === 0) await pause(this.slowMs);
    return super.messageRawPayload(id);
  }

  override async friendshipAccept(id: string): Promise<void> {
    await super.friendshipAccept(id);
    tell({ accepted: id });
  }

  override async messageSendText(conversationId: string, text: string, mentions: string[] = []): Promise<void> {
    await pause(this.muteMs);
    return super.messageSendText(conversationId, text, mentions);
  }
}

async function main(port: string, token: string): Promise<void> {
  log.level('silent');
  const clock = createSystemClock();
  const puppet = new SlowPuppet({
    clock,
    saidBefore: 0,
    world: {
      bot: { id: 'wx-bot', name: '小溪' },
      people: [{ id: 'wx-M1', name: '王大爷' }],
      rooms: [{ id: 'r-三组@chatroom', topic: '三组村民群', members: ['wx-M1'] }],
    },
    hear: ({ room, contact, text, mentions }) => tell({ room, contact, text, mentions }),
  });
  puppet.on('error', (fault) => tell({ fault }));
  await new PuppetServer({ endpoint: `127.0.0.1:${port}`, puppet, token, tls: { disable: true } }).start();
  // A quiet account would look like a dead one.
  let quiet = false;
  setInterval(() => quiet || puppet.emit('heartbeat', { data: 'beat' }), 300);
  tell({ ready: true });
  for await (const line of createInterface({ input: process.stdin })) {
    const order = JSON.parse(line) as Order;
    if (order.do === 'slow') puppet.slowMs = order.ms;
    else if (order.do === 'mute') puppet.muteMs = order.ms;
    else if (order.do === 'quiet') quiet = order.on;
    else if (order.do === 'befriend') puppet.befriend({ ...order, word: '绑定 123456' });
    else for (const message of order.messages) puppet.receive({ ...message, sentAt: clock.now() });
  }
  process.exit(0);
}

const [port = '', token = ''] = process.argv.slice(2);
await main(port, token);
