import { OpenAPIRegistry, OpenApiGeneratorV31, type RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { base } from './mount.ts';
import { problem } from './problems.ts';
import type { Route } from './route.ts';

type Responses = RouteConfig['responses'];

function responsesOf(route: Route): Responses {
  const good =
    route.files.length > 0
      ? { description: 'The file', content: Object.fromEntries(route.files.map((type) => [type, { schema: binary }])) }
      : route.reply === null
        ? { description: 'Done' }
        : { description: 'Done', content: { 'application/json': { schema: route.reply } } };
  return {
    [route.status]: good,
    '4XX': { description: 'A problem', content: { 'application/problem+json': { schema: problem } } },
  };
}

const binary = { type: 'string', format: 'binary' } as const;
const isObject = (schema: z.ZodType | null): schema is z.ZodObject => schema instanceof z.ZodObject;

/** `get /members/{member}/grants` → getMembersByMemberGrants: a name for generated clients. */
function operationOf({ method, path }: Route): string {
  const words = path.replace(/\{/g, 'by-').split(/[^A-Za-z]+/);
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function pathOf(route: Route): RouteConfig {
  const unsafe = route.method !== 'get' && !route.open;
  return {
    method: route.method,
    path: `${base}${route.path}`,
    operationId: operationOf(route),
    summary: route.summary,
    tags: [route.path.split('/')[1] ?? ''],
    security: route.open ? [] : [{ session: [], ...(unsafe ? { csrf: [] } : {}) }],
    request: {
      ...(isObject(route.params) ? { params: route.params } : {}),
      ...(isObject(route.query) ? { query: route.query } : {}),
      ...(route.body === null
        ? {}
        : { body: { required: true, content: { 'application/json': { schema: route.body } } } }),
    },
    responses: responsesOf(route),
  };
}

/** The interface as it is checked: generated from the schemas of the routes. */
export function describe(routes: readonly Route[], version: string, cookie: string): object {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'session', { type: 'apiKey', in: 'cookie', name: cookie });
  registry.registerComponent('securitySchemes', 'csrf', { type: 'apiKey', in: 'header', name: 'X-CSRF-Token' });
  for (const route of routes) registry.registerPath(pathOf(route));
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Cunkou',
      version,
      description:
        'For staff of a village. Times are ISO 8601 instants. Unsafe requests carry the X-CSRF-Token that /me and the ' +
        'sign-in give; an Idempotency-Key makes a repeated request harmless.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
  });
}
