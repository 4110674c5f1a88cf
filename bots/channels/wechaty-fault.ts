import { ChannelError } from './channel.ts';

/** The account was restricted: going on makes it worse. */
const blocked =
  /频繁|限制|封号|冻结|违规|账号异常|操作异常|\brisk\b|banned|blocked|forbidden|frozen|unauthenticated|permission.?denied/i;
/** The address is no longer there. */
const gone =
  /not exist|no payload|not found|not in the room|invalid.?argument|unsupported|不存在|不是好友|已退出|移出群/i;
/** The answer got lost, perhaps not what was said. */
const lost =
  /time.?out|timed out|deadline|cancel|unavailable|econnreset|socket hang up|connection (?:closed|dropped|lost)/i;
const grpc: Readonly<Record<number, ChannelError['kind']>> = {
  1: 'unknown',
  3: 'give-up',
  4: 'unknown',
  5: 'give-up',
  7: 'blocked',
  8: 'retry',
  14: 'unknown',
  16: 'blocked',
};

/** What a puppet's fault at saying something means for trying again. */
export function channelFault(fault: unknown): ChannelError {
  if (fault instanceof ChannelError) return fault;
  // A gateway's fault brings its stack along, whose paths mean nothing.
  const [text = ''] = (fault instanceof Error ? fault.message : String(fault)).split('\n');
  const code =
    fault instanceof Error && 'code' in fault && typeof fault.code === 'number' ? grpc[fault.code] : undefined;
  const kind = blocked.test(text)
    ? 'blocked'
    : gone.test(text)
      ? 'give-up'
      : (code ?? (lost.test(text) ? 'unknown' : 'retry'));
  // The puppet's own words may quote the text that was to be said: they stay in the cause.
  return new ChannelError(kind, `the puppet refused to say it (${kind})`, { cause: fault });
}
