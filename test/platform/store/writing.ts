// Writes until it is killed: a thing, and when that is kept the code of the same number; says now and then how many.
import { createEmbeddedStore } from '../../../src/platform/store/embedded.ts';
import { buildThing, codes, things } from './things.ts';

const [, , folder = ''] = process.argv;
const store = await createEmbeddedStore({ folder, declarations: [things, codes] });
for (let n = 0; ; n++) {
  await store.collection(things).insert(buildThing({ _id: `t${n}`, n, log: [{ what: 'x'.repeat(500), n }] }));
  await store.collection(codes).insert({ _id: `t${n}`, room: 'r', code: n, uses: 0 });
  if (n % 50 === 0) process.stdout.write(`at ${n}\n`);
}
