import { once } from 'node:events';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDemo } from '../../cli/demo.ts';
import type { Demo } from '../../cli/demo.ts';

let folder: string;
let printed: string[];
const open: Demo[] = [];
const never = new AbortController().signal;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cunkou-demo-'));
  printed = [];
});
afterEach(async () => {
  for (const demo of open.splice(0)) await demo.close();
  await rm(folder, { recursive: true, force: true });
});

async function start(): Promise<Demo> {
  const demo = await openDemo({ folder, paceMs: 0, print: (text) => printed.push(text), width: 80, colours: false });
  open.push(demo);
  return demo;
}
async function end(): Promise<void> {
  await open.pop()?.close();
}
const seen = (): string => printed.join('\n');

describe('the demo', () => {
  it('shows a notice, 收到, a report, sign-ups, an offer and a reminder', async () => {
    await (await start()).morning(never);
    for (const words of [
      '人和事都是编的',
      '【通知】三组清洗水池',
      '收到',
      'FK0001',
      '已报',
      '候补',
      '提醒',
      '办好了',
    ]) {
      expect(seen()).toContain(words);
    }
    expect(seen()).not.toContain('后台出错');
  });

  it('goes on where it was stopped, and says nothing twice', async () => {
    const stop = new AbortController();
    const first = await start();
    const morning = first.morning(stop.signal);
    stop.abort();
    await morning;
    await end();
    await (await start()).morning(never);
    await end();
    expect(seen().match(/【通知】三组清洗水池/g)).toHaveLength(2);
    expect(seen().match(/记下了FK0001/g)).toHaveLength(1);
    printed = [];
    await (await start()).morning(never);
    expect(seen()).toContain('接着上次');
    expect(seen()).not.toContain('【通知】');
  });

  it('lets the watcher speak as a villager', async () => {
    const demo = await start();
    await demo.morning(never);
    const keyboard = new PassThrough();
    demo.stay(keyboard);
    keyboard.write('/我是 M0180\n/私聊\n我的报名\n/我是 谁也不是\n/飞\n');
    keyboard.end();
    await new Promise((resolve) => keyboard.on('close', resolve));
    await end();
    expect(seen()).toContain('与吕哥的私聊');
    expect(seen()).toContain('您报了');
    expect(seen()).toContain('找不到唯一的');
  });

  it('opens the simulator, and shows the chats of an earlier start', async () => {
    const read = async (url: string, path: string): Promise<Response> => fetch(`${url}${path}`);
    const first = await start();
    const url = await first.serve(0);
    const menu = await fetch(`${url}/api/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ from: 'M0196', room: null, text: '菜单' }),
    });
    expect(await menu.text()).toContain('我是小溪');
    await first.morning(never);
    expect(await (await read(url, '/api/state')).text()).toContain('FK0001');
    const before: unknown = await (await read(url, '/api/chats/三组')).json();
    await end();
    expect(seen()).toContain('菜单');
    const again = await (await start()).serve(0);
    expect(await (await read(again, '/api/chats/三组')).json()).toEqual(before);
    expect(await (await read(again, '')).text()).toContain('/simulator/app.mjs');
  });

  it('takes another port when its own is taken', async () => {
    const demo = await start();
    const taken = await demo.serve(0);
    await end();
    const squatter = createServer().listen(Number(new URL(taken).port), '127.0.0.1');
    await once(squatter, 'listening');
    const other = await (await start()).serve(Number(new URL(taken).port));
    squatter.close();
    expect(other).not.toBe(taken);
  });

  it('opens what a kill left in the middle of a line', async () => {
    await (await start()).morning(never);
    await end();
    await appendFile(join(folder, 'chats.jsonl'), '{"seq":99,"id":');
    const url = await (await start()).serve(0);
    expect(await (await fetch(`${url}/api/chats/三组?limit=1`)).text()).toContain('亮堂多了');
  });
});
