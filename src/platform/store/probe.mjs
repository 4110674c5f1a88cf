// node probe.mjs FILE: reads every page of a store, so that a damaged one ends this process and no other.
import { open } from 'lmdb';

const database = open({ path: process.argv[2], encoding: 'binary', keyEncoding: 'binary', readOnly: true });
let bytes = 0;
for (const { key, value } of database.getRange({})) bytes += key.length + value.length;
await database.close();
process.stdout.write(String(bytes));
