import type { Cookies } from '../guard.ts';
import type { HttpDeps } from '../http.port.ts';
import type { Route } from '../route.ts';
import { accountRoutes } from './accounts.routes.ts';
import { activityRoutes } from './activities.routes.ts';
import { bindingRoutes } from './binding.routes.ts';
import { erasingRoutes } from './erasing.routes.ts';
import { feedbackRoutes } from './feedback.routes.ts';
import { gridRoutes } from './grid.routes.ts';
import { memberRoutes } from './members.routes.ts';
import { messageRoutes } from './messages.routes.ts';
import { noticeRoutes } from './notices.routes.ts';
import { policyRoutes } from './policies.routes.ts';
import { registryRoutes } from './registry.routes.ts';
import { reminderRoutes } from './reminders.routes.ts';
import { rightsRoutes } from './rights.routes.ts';
import { sessionRoutes } from './session.routes.ts';
import { signUpRoutes } from './sign-ups.routes.ts';

/** Every operation of the interface. */
export function allRoutes(deps: HttpDeps, cookies: Cookies): Route[] {
  return [
    ...sessionRoutes(deps, cookies),
    ...accountRoutes(deps),
    ...memberRoutes(deps),
    ...bindingRoutes(deps),
    ...rightsRoutes(deps),
    ...erasingRoutes(deps),
    ...gridRoutes(deps),
    ...registryRoutes(deps),
    ...policyRoutes(deps),
    ...noticeRoutes(deps),
    ...feedbackRoutes(deps),
    ...activityRoutes(deps),
    ...signUpRoutes(deps),
    ...reminderRoutes(deps),
    ...messageRoutes(deps),
  ];
}
