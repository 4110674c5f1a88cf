import type { SimulatorPages } from '../../bots/simulator/index.ts';
import type { Village } from '../../main.ts';
import { createHttp } from '../../src/http/index.ts';
import type { Http, HttpDeps } from '../../src/http/index.ts';
import { createSystemClock } from '../../src/platform/clock.ts';
import { quietLog } from '../../src/platform/log.ts';
import { signUpSheet } from '../../templates/activities.sheet.ts';
import { sentence } from '../../templates/faults.ts';
import { fault as importFault } from '../../templates/registry.ts';
import { faults } from '../../templates/simulator.ts';

const toThePage: NonNullable<HttpDeps['pages']>[number] = async (ctx, next) => {
  if (ctx.path === '/') ctx.redirect('/simulator');
  else await next();
};

/** The village's HTTP service with the simulator's page in front. */
function createWeb(village: Village, pages: SimulatorPages, port: number): Http {
  const { ids, queue } = village.ground;
  return createHttp({
    ...village,
    clock: createSystemClock(),
    ids,
    log: quietLog,
    words: {
      sentence: (code, facts) => faults[code]?.(facts) ?? sentence(code, facts),
      importFault,
      rosterPage: signUpSheet,
    },
    options: { host: '127.0.0.1', port, metricsPort: null, cookieSecure: false, trustProxy: false },
    ready: {
      store: async () => {
        await village.grid.village();
        return true;
      },
    },
    queues: { queue, names: [] },
    pages: [toThePage, pages.middleware],
  });
}

/** Listens on that port of loopback, or on any that is free when it is taken. */
export async function openWeb(
  village: Village,
  pages: SimulatorPages,
  port: number,
): Promise<{ url: string; close: () => Promise<void> }> {
  const listen = async (wanted: number): Promise<{ url: string; close: () => Promise<void> }> => {
    const http = createWeb(village, pages, wanted);
    const { url } = await http.start();
    return {
      url: `${url}/simulator`,
      async close() {
        pages.close();
        await http.close();
      },
    };
  };
  try {
    return await listen(port);
  } catch (fault) {
    if (!(fault instanceof Error && 'code' in fault && fault.code === 'EADDRINUSE')) throw fault;
    return listen(0);
  }
}
