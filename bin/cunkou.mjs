#!/usr/bin/env node
// The command `cunkou`: registers tsx, so that Node reads our TypeScript, and hands over to cli/cunkou.ts.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Cunkou needs Node 20.19 or later; this is Node ${process.versions.node}.`);
  process.exit(1);
}

try {
  const { register } = await import('tsx/esm/api');
  register();
} catch (fault) {
  if (fault?.code !== 'ERR_MODULE_NOT_FOUND') throw fault;
  console.error(`The dependencies are not installed. Run: npm ci --prefix ${JSON.stringify(root)}`);
  process.exit(1);
}

const cli = join(root, 'cli/cunkou.ts');
if (!existsSync(cli)) {
  console.error(`${cli} is missing: this installation is not complete.`);
  process.exit(1);
}
await import(pathToFileURL(cli).href);
