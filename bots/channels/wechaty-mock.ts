import { createRequire, Module } from 'node:module';

// wechaty's mock brings 1,500 files of made-up names, most of a second at every start, for people whom nobody
// described. In a simulated village everybody is described, so the names are read when somebody asks for one.
const here = createRequire(import.meta.url);
const names = createRequire(here.resolve('wechaty-puppet-mock')).resolve('faker');
let read: object | null = null;
const unread = new Module(names);
unread.loaded = true;
unread.exports = new Proxy(
  {},
  {
    get(_, name): unknown {
      if (read === null) {
        delete here.cache[names];
        read = here(names) as object;
      }
      return Reflect.get(read, name);
    },
  },
);
here.cache[names] ??= unread;

export const { PuppetMock, mock } = await import('wechaty-puppet-mock');
