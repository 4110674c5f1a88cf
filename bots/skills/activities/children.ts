import type { ActivitiesService, Signup } from '../../../src/activities/index.ts';
import { childrenAlone } from '../../../templates/activities.ts';
import type { Question } from '../skill.ts';

/** Children who are still signed up, though the adults of these rows no longer go: asks whether they stay at home. */
export async function childrenLeft(
  activities: Pick<ActivitiesService, 'leftAlone'>,
  left: readonly Signup[],
): Promise<{ readonly text: string; readonly ask: Question } | null> {
  const found = (await Promise.all(left.map((row) => activities.leftAlone(row)))).flat();
  const children = [...new Map(found.map((row) => [row._id, row])).values()];
  if (children.length === 0) return null;
  const rows = children.map(({ _id }) => _id);
  return {
    text: childrenAlone(children.map(({ name }) => name)),
    ask: { verb: 'activity.cancel.children', slots: { rows }, accepts: ['yes-no'] },
  };
}
