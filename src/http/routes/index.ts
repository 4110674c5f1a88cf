import type { Cookies } from '../guard.ts';
import type { HttpDeps } from '../http.port.ts';
import type { Route } from '../route.ts';
import { accountRoutes } from './accounts.routes.ts';
import { sessionRoutes } from './session.routes.ts';

/** Every operation of the interface. */
export function allRoutes(deps: HttpDeps, cookies: Cookies): Route[] {
  return [...sessionRoutes(deps, cookies), ...accountRoutes(deps)];
}
