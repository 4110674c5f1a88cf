import { describe, expect, it } from 'vitest';
import { allRoutes } from '../../src/http/routes/index.ts';
import { buildHttp } from '../support/http.ts';

interface Document {
  readonly openapi: string;
  readonly paths: Record<
    string,
    Record<string, { summary: string; operationId: string; parameters?: { in: string; name: string }[] }>
  >;
}

describe('the OpenAPI document', () => {
  it('has every operation that is served, with its parameters', async () => {
    const bench = await buildHttp();
    const { body } = await bench.client().get('/api/v1/openapi.json');
    const document = body as unknown as Document;
    expect(document.openapi).toBe('3.1.0');
    const cookies = { session: () => null, device: () => null, give: () => undefined, clear: () => undefined };
    const routes = allRoutes({ ...bench, words: {} } as unknown as Parameters<typeof allRoutes>[0], cookies);
    expect(routes.length).toBeGreaterThan(60);
    for (const { method, path } of routes) {
      const operation = document.paths[`/api/v1${path}`]?.[method];
      expect([method, path, operation?.summary]).toEqual([method, path, expect.any(String)]);
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const described = (operation?.parameters ?? []).filter((one) => one.in === 'path').map(({ name }) => name);
      expect([path, described]).toEqual([path, named]);
    }
    const names = Object.values(document.paths).flatMap((of) =>
      Object.values(of).map(({ operationId }) => operationId),
    );
    expect(new Set(names).size).toBe(names.length);
    const served = new Set(routes.map(({ method, path }) => `${method} /api/v1${path}`));
    const documented = Object.entries(document.paths).flatMap(([path, of]) =>
      Object.keys(of).map((one) => `${one} ${path}`),
    );
    expect(documented.filter((one) => !served.has(one))).toEqual(['get /api/v1/openapi.json']);
    await bench.close();
  });

  it('serves each of them once', async () => {
    const bench = await buildHttp();
    const cookies = { session: () => null, device: () => null, give: () => undefined, clear: () => undefined };
    const routes = allRoutes({ ...bench, words: {} } as unknown as Parameters<typeof allRoutes>[0], cookies);
    const keys = routes.map(({ method, path }) => `${method} ${path.replace(/\{\w+\}/g, '{}')}`);
    expect(new Set(keys).size).toBe(keys.length);
    await bench.close();
  });

  it('keeps null where null may come', async () => {
    const bench = await buildHttp();
    const text = JSON.stringify(bench.http.document());
    expect(text).toContain('"signedInAt":{"type":["string","null"],"format":"date-time"}');
    await bench.close();
  });
});
