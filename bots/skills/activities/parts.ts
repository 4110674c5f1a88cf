import type { Activity, ActivitiesService, Choice, Signup } from '../../../src/activities/index.ts';
import type { GridQueries } from '../../../src/grid/index.ts';
import type { Member, Members } from '../../../src/members/index.ts';
import type { Messages } from '../../../src/messages/index.ts';
import type { Clock } from '../../../src/platform/clock.ts';
import type { Slots, Turn } from '../skill.ts';

export interface Deps {
  readonly activities: ActivitiesService;
  readonly members: Members;
  readonly grid: GridQueries;
  readonly messages: Pick<Messages, 'row'>;
  readonly clock: Clock;
}

/** Lists in a group show so many. */
export const shownInGroup = 5;
const shownDirect = 20;
export const roomFor = (turn: Turn): number => (turn.room === null ? shownDirect : shownInGroup);

/** What a number of a shown list stood for: the activity and the version of its time. */
export const refOf = ({ _id, version }: Activity): string => `${_id}@${version}`;
/** One state of a sign-up. */
export const rowRef = ({ _id, seq }: Signup): string => `${_id}@${seq}`;
/** `id@n`, split at the last `@`. */
export function readRef(ref: string): { id: string; n: number } {
  const at = ref.lastIndexOf('@');
  return { id: ref.slice(0, at), n: Number(ref.slice(at + 1)) };
}

export const word = (slots: Slots, name: string): string | undefined => {
  const value = slots[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
};
export const count = (slots: Slots, name: string): number | undefined => {
  const value = slots[name];
  return typeof value === 'number' && Number.isInteger(value) ? value : undefined;
};
export const yes = (slots: Slots): boolean | undefined => {
  const value = slots['yes'];
  return typeof value === 'boolean' ? value : undefined;
};
export const record = (value: unknown): Slots =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
export const words = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : typeof value === 'string' ? [value] : [];

/** Somebody to choose: with the grid and the household that tell people of one name apart. */
export async function choiceOf(members: Members, { _id, name, grid, household }: Member): Promise<Choice> {
  const head = (await members.household(household)).find(({ relation }) => relation === '户主') ?? null;
  return { member: _id, name, grid, head: head?.name ?? null };
}
