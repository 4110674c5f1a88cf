import { z } from 'zod';
import { openRoute, type Route } from '../route.ts';

export function documentRoute(describe: () => object): Route {
  return openRoute({
    method: 'get',
    path: '/openapi.json',
    summary: 'This document',
    reply: z.looseObject({ openapi: z.string() }),
    handle: async () => ({ openapi: '3.1.0', ...describe() }),
  });
}
