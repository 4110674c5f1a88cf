/** How fast the account may speak (practice with WeChat accounts; no official rate is published). */
export interface RateLimits {
  /** Between two messages in the same chat, in milliseconds. */
  readonly sameChatMs: number;
  /** Between two unasked messages in different chats; a random part of `jitterMs` is added. */
  readonly otherChatMs: number;
  readonly jitterMs: number;
  /** Unasked messages a minute, all chats together. */
  readonly perMinute: number;
}

export const defaultRates: RateLimits = { sameChatMs: 1000, otherChatMs: 3000, jitterMs: 2000, perMinute: 30 };

export interface Rates {
  /** The earliest instant at which this may be said. Answers wait for their own chat only. */
  readyAt(chat: string, answer: boolean, now: Date): Date;
  spoke(chat: string, answer: boolean, now: Date): void;
}

/** For replays and tests: everything at once. */
export const noRates: Rates = { readyAt: (_chat, _answer, now) => now, spoke: () => undefined };

/** `random` gives [0, 1). Keeps the last minute in memory: after a restart the pace starts afresh. */
export function createRates(limits: RateLimits, random: () => number): Rates {
  const last = new Map<string, number>();
  let unasked: number[] = [];
  let gapUntil = 0;
  let latest = 0;
  /** A clock that was set back must not silence the bot until the old time comes again. */
  function forgetLater(at: number): void {
    if (at < latest) {
      for (const [chat, when] of last) last.set(chat, Math.min(when, at));
      unasked = unasked.map((when) => Math.min(when, at));
      gapUntil = Math.min(gapUntil, at + limits.otherChatMs + limits.jitterMs);
    }
    latest = at;
  }
  return {
    readyAt(chat, answer, now) {
      const at = now.getTime();
      forgetLater(at);
      let ready = Math.max(at, (last.get(chat) ?? 0) + limits.sameChatMs);
      if (answer) return new Date(ready);
      ready = Math.max(ready, gapUntil);
      const first = unasked.length >= limits.perMinute ? unasked[unasked.length - limits.perMinute] : undefined;
      return new Date(first === undefined ? ready : Math.max(ready, first + 60_000));
    },
    spoke(chat, answer, now) {
      const at = now.getTime();
      last.delete(chat);
      last.set(chat, at);
      for (const [old, when] of last) {
        if (when > at - limits.sameChatMs) break;
        last.delete(old);
      }
      if (answer) return;
      unasked = [...unasked.filter((when) => when > at - 60_000), at];
      gapUntil = at + limits.otherChatMs + Math.floor(random() * limits.jitterMs);
    },
  };
}
