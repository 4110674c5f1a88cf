import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findChromium } from '../../../scripts/servers.mjs';
import { openSimulator } from '../../support/simulator.ts';
import type { SimulatorBench } from '../../support/simulator.ts';

const sizes = [
  { width: 390, height: 844 },
  { width: 1280, height: 800 },
];
let browser: Browser;
let bench: SimulatorBench;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  const executablePath = findChromium()?.command;
  if (executablePath === undefined) throw new Error('no Chromium: node scripts/ready.mjs --chromium');
  // Root may not use the sandbox; the page is ours.
  browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
}, 60_000);
afterAll(() => browser.close());

beforeEach(async () => {
  bench = await openSimulator();
});
afterEach(async () => {
  await page.close();
  await bench.close();
});

async function open(viewport: { width: number; height: number }): Promise<void> {
  page = await browser.newPage({ viewport, locale: 'zh-CN' });
  page.setDefaultTimeout(10_000);
  complaints.length = 0;
  page.on('console', (line) => {
    if (['error', 'warning'].includes(line.type())) complaints.push(line.text());
  });
  page.on('pageerror', (fault) => complaints.push(fault.message));
  page.on('request', (request) => {
    if (!/^(?:data|blob):/.test(request.url()) && !request.url().startsWith(new URL(bench.url).origin))
      complaints.push(request.url());
  });
  await page.goto(bench.url);
  await page.getByRole('button', { name: '三组村民群' }).waitFor();
}

async function say(words: string): Promise<void> {
  await page.getByLabel('消息', { exact: true }).fill(words);
  await page.keyboard.press('Enter');
}
const inChat = (words: string) => page.getByRole('log').getByText(words);
const isWide = (): Promise<boolean> => page.evaluate('document.documentElement.scrollWidth > innerWidth');
/** On a phone one thing is seen at a time. */
async function look(view: '聊天' | '村里'): Promise<void> {
  const button = page.getByRole('button', { name: view, exact: true });
  if (await button.isVisible()) await button.click();
}

interface Control {
  readonly ariaLabel: string | null;
  readonly textContent: string | null;
  readonly labels?: ArrayLike<{ readonly textContent: string }> | null;
  getBoundingClientRect(): { height: number };
}
/** Runs in the page. */
const measure = (controls: Control[]): { name: string; height: number }[] =>
  controls.map((it) => ({
    name: (it.ariaLabel ?? (it.textContent || it.labels?.[0]?.textContent || '')).trim(),
    height: it.getBoundingClientRect().height,
  }));

describe.each(sizes)('the page at $width pixels', (size) => {
  it('signs a villager up, and shows the reminder once the clock is moved', async () => {
    await open(size);
    await say('报名 桂花园除草');
    await inChat('@王大爷').first().waitFor();
    expect(await isWide()).toBe(false);
    await look('村里');
    await page.getByText('前一天提醒').waitFor();
    await page.getByText('1/15人').waitFor();
    expect(await isWide()).toBe(false);
    await page.getByRole('button', { name: /拨到下一个提醒/ }).click();
    await page.getByText('这段时间小溪说了1句').waitFor();
    await look('聊天');
    await inChat('提醒:明天3月21日').waitFor();
    expect(await page.locator('#time').textContent()).toBe('18:00');
    expect(complaints).toEqual([]);
  });

  it('lets one be somebody else, find them by name, and talk alone with the bot', async () => {
    await open(size);
    await page.getByRole('button', { name: /换人/ }).click();
    await page.getByLabel('找人').fill('吴玉');
    await page.getByRole('dialog').getByRole('button', { name: '吴玉' }).click();
    await page.getByRole('button', { name: '私聊小溪' }).click();
    await page.getByRole('button', { name: '菜单' }).click();
    await inChat('我是小溪').waitFor();
    expect(new URL(page.url()).hash).toBe('#M3');
    expect(complaints).toEqual([]);
  });

  it('sends a picture and a voice message, and takes back what was said', async () => {
    await open(size);
    await page.getByRole('button', { name: '私聊小溪' }).click();
    await page.getByRole('button', { name: '发一段语音' }).click();
    await inChat('听不了语音').waitFor();
    await say('报名 桂花园除草');
    await inChat('已报').first().waitFor();
    await page.getByRole('button', { name: '撤回:报名 桂花园除草' }).click();
    await inChat('您撤回了一条消息').waitFor();
    await inChat('也要撤销吗').waitFor();
    const picture = await page.screenshot({ clip: { x: 0, y: 0, width: 200, height: 100 } });
    await page.locator('#file').setInputFiles({ name: 'deng.png', mimeType: 'image/png', buffer: picture });
    await inChat('照片看到了').waitFor();
    expect(
      await page.getByRole('img', { name: '图片' }).evaluate((image: { naturalWidth?: number }) => image.naturalWidth),
    ).toBe(200);
    expect(await isWide()).toBe(false);
    expect(complaints).toEqual([]);
  });

  it('has targets large enough for fingers, and a name on each', async () => {
    await open(size);
    for (const view of ['聊天', '村里'] as const) {
      await look(view);
      const controls = await page.locator('button:visible, input:visible, textarea:visible').evaluateAll(measure);
      expect(controls.length).toBeGreaterThanOrEqual(8);
      expect(controls.filter(({ name, height }) => name === '' || height < 44)).toEqual([]);
    }
  });
});
