import type { Member } from '../members/index.ts';
import * as kinship from '../shared/kinship.ts';
import { cleanLine } from '../shared/text.ts';

/** Whether what was said points at a relative rather than naming somebody. */
export const isKinship = (said: string): boolean => kinship.isKinship(cleanLine(said));

/** Who of the household may be meant by a kinship word of that member; several when it isn't clear. */
export function relatives(said: string, speaker: Member, household: readonly Member[]): Member[] {
  const others = household.filter((other) => other._id !== speaker._id);
  return kinship.relatives(cleanLine(said), speaker, others);
}

const parts = /\s*(?:、|,|,|和|跟|与|同|加|还有|\s)\s*/u;

/** Who is named in 我跟老婆子, 王秀英、我妈: the speaker left out. */
export function namesIn(text: string): string[] {
  const me = new Set(['', '我', '我们', '本人', '自己', '一路', '一起', '一路去', '一起去', '去', '来']);
  return cleanLine(text)
    .replace(/(?:一路|一起|一块儿?|一同)?(?:去|来|参加)?(?:的)?[。.!！]*$/u, '')
    .split(parts)
    .map((name) => name.trim())
    .filter((name) => !me.has(name));
}
