import { createRequire, Module } from 'node:module';

// wechaty's mock brings 1,500 files of made-up names, most of a second at every start, for people whom nobody
// described. In a simulated village everybody is described, so the names are marked as read before the mock asks.
const here = createRequire(import.meta.url);
const names = createRequire(here.resolve('wechaty-puppet-mock')).resolve('faker');
const unread = new Module(names);
unread.loaded = true;
here.cache[names] ??= unread;

export const { PuppetMock, mock } = await import('wechaty-puppet-mock');
