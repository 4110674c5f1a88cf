export type { Http, HttpDeps, HttpLimits, HttpOptions, HttpServices, HttpWords } from './http.port.ts';
export { createHttp } from './server.ts';
