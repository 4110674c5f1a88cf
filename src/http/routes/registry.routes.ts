import { z } from 'zod';
import { demand, village } from '../../shared/access.ts';
import type { Registry } from '../../registry/index.ts';
import type { HttpWords } from '../http.port.ts';
import { WrongInput } from '../problems.ts';
import { route, type Route } from '../route.ts';

const rows = z.object({ added: z.number().int(), changed: z.number().int(), same: z.number().int() });
const result = z
  .object({
    dryRun: z.boolean(),
    counts: z.object({
      members: rows,
      households: z.number().int(),
      grids: rows,
      rooms: rows,
      gardens: rows,
      calendar: z.boolean(),
      roles: z.object({ granted: z.number().int(), ended: z.number().int(), refused: z.number().int() }),
      erased: z.number().int(),
    }),
    /** Households without a head. */
    headless: z.array(z.string()),
  })
  .meta({ id: 'ImportResult' });

/** Of the files themselves, together. */
const mostBytes = 25_000_000;
/** Base64 takes four bytes for three, and line breaks. */
const bodyBytes = 36_000_000;
const fileName = z.string().regex(/^[\w.-]{1,60}$/);

/** Takes in a village's folder. Every fault comes back with its file, line and column, and nothing was written. */
export function registryRoutes(deps: { registry: Registry; words: Pick<HttpWords, 'importFault'> }): Route[] {
  return [
    route({
      method: 'put',
      path: '/imports/village',
      summary: 'Take in members, grids, gardens (.csv, .xlsx) and calendar.json, all or nothing',
      body: z.strictObject({
        files: z
          .array(z.strictObject({ name: fileName, base64: z.string() }))
          .min(1)
          .max(10),
        dryRun: z.boolean().default(false),
      }),
      limit: bodyBytes,
      demand: (actor) => demand(actor, 'admin', village),
      reply: result,
      async handle({ actor, body: { files, dryRun } }) {
        const read: Record<string, Uint8Array> = {};
        let bytes = 0;
        for (const [at, { name, base64 }] of files.entries()) {
          const plain = base64.replace(/\s/g, '');
          if (Object.hasOwn(read, name) || !/^[A-Za-z0-9+/]*={0,2}$/.test(plain)) {
            throw new WrongInput('registry.unreadable', 422, [{ at: `body.files.${at}`, reason: 'invalid_format' }]);
          }
          read[name] = Buffer.from(plain, 'base64');
          bytes += read[name].byteLength;
        }
        if (bytes > mostBytes) throw new WrongInput('http.too-large', 413, [{ at: 'body.files', reason: 'too_big' }]);
        const report = await deps.registry.importVillage(read, { actor, dryRun });
        if (report.counts === null) {
          throw new WrongInput(
            'registry.faults',
            422,
            report.faults.map((fault) => ({
              at: [fault.file, fault.line, fault.column].filter((part) => part !== null).join(':'),
              reason: fault.code,
              ...fault,
              sentence: deps.words.importFault(fault),
            })),
          );
        }
        return { dryRun, counts: report.counts, headless: [...report.headless] };
      },
    }),
  ];
}
