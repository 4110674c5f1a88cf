import { faults as activities } from './activities.ts';
import { faults as feedback } from './feedback.ts';
import { faults as grid } from './grid.ts';
import { faults as members } from './members.ts';
import { faults as notices } from './notices.ts';
import { faults as staff } from './staff.ts';
import { faults as talk, general } from './talk.ts';

type Facts = Readonly<Record<string, string | number | boolean | null>>;

const sentences: Readonly<Record<string, (facts: Facts) => string>> = {
  ...talk,
  ...members,
  ...grid,
  ...notices,
  ...feedback,
  ...activities,
  ...staff,
};

/** The plain sentence for a fault's code; the general one for a code that has none. */
export function sentence(code: string | null, facts: Facts): string {
  return (code === null ? undefined : sentences[code])?.(facts) ?? general;
}
