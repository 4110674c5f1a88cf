import { ChannelError, type Channel } from './channel.ts';

/** No WeChat: nothing comes in, and what must be said waits in the outbox. */
export function createSilentChannel(): Channel {
  return {
    name: 'none',
    botName: () => null,
    onMessage: () => undefined,
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    online: () => false,
    onOnline: () => undefined,
    say: () => Promise.reject(new ChannelError('retry', 'no channel is configured')),
  };
}
