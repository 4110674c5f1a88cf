import { z } from 'zod';
import { may } from '../../shared/access.ts';
import type { ActivitiesService } from '../../activities/index.ts';
import type { Reminders } from '../../reminders/index.ts';
import { demandAnywhere } from '../rights.ts';
import { route, type Route } from '../route.ts';
import { instant } from '../schemas.ts';

const planned = z
  .object({ activity: z.string(), kind: z.string(), at: instant, people: z.number().int() })
  .meta({ id: 'PlannedReminder' });

export function reminderRoutes(deps: { reminders: Reminders; activities: ActivitiesService }): Route[] {
  return [
    route({
      method: 'get',
      path: '/reminders',
      summary: 'What will be said of activities that one manages, as things are',
      demand: (actor) => demandAnywhere(actor, 'activity.manage'),
      reply: z.object({ items: z.array(planned) }),
      async handle({ actor }) {
        const found = await deps.reminders.planned();
        const activities = await Promise.all(found.map(({ activity }) => deps.activities.get(activity)));
        const items = found.map(({ to, ...rest }) => ({ ...rest, people: to.length }));
        return {
          items: items.filter((_, at) => {
            const scope = activities[at]?.scope;
            return scope !== undefined && may(actor, 'activity.manage', scope);
          }),
        };
      },
    }),
  ];
}
