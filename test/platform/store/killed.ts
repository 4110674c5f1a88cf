// Writes until it is killed; says each id once its write was answered.
import { createEmbeddedStore } from '../../../src/platform/store/embedded.ts';
import { buildThing, codes, things } from './things.ts';

const [, , folder = ''] = process.argv;
const store = await createEmbeddedStore({ folder, declarations: [things, codes] });
const rows = store.collection(things);
for (let n = 0; ; n++) {
  const { _id } = await rows.insert(buildThing({ _id: `t${n}`, n, tags: ['x', 'y'] }));
  process.stdout.write(`${_id}\n`);
}
