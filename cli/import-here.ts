import { compose } from '../src/compose.ts';
import { readConfig } from '../src/config.ts';
import { openGround } from '../src/ground.ts';
import { importCommand, importUsage, parseImportArgs } from './import.ts';

/** `cunkou import` into the village of this configuration; nothing else of it runs meanwhile. */
export async function importHereCommand(args: readonly string[]): Promise<number> {
  if (parseImportArgs(args) === null) {
    console.log(importUsage);
    return 2;
  }
  const { ground } = await openGround(readConfig());
  try {
    return await importCommand(
      args,
      compose(ground, () => Promise.resolve()),
    );
  } finally {
    await ground.queue.close();
    await ground.store.close();
  }
}
