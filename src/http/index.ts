export type { Http, HttpDeps, HttpLimits, HttpOptions, HttpServices, HttpWords } from './http.port.ts';
/** For pages that answer beside the interface: the same checks and the same problems. */
export { checkOrigin } from './guard.ts';
export { createReader } from './mount.ts';
export { WrongInput, wrongOf } from './problems.ts';
export { setUpPath } from './pages/set-up.ts';
export { createHttp } from './server.ts';
