import { describe, expect, it } from 'vitest';
import { buildHttp } from '../support/http.ts';

const file = (name: string, text: string) => ({ name, base64: Buffer.from(text).toString('base64') });
const grids = file('grids.csv', '编号,上级\n清溪村,\n一组,清溪村\n二组,清溪村\n');

describe('the import of a village', () => {
  it('names every fault with its file, line and column, and writes nothing', async () => {
    const bench = await buildHttp();
    const client = await bench.as('管理员');
    const members = file('members.csv', '编号,姓名,户号,与户主关系,网格\nM50,赵一,H50,户主,九组\nM51,,H51,户主,一组\n');
    const answer = await client.send('PUT', '/api/v1/imports/village', { files: [members] });
    expect([answer.status, answer.body.code]).toEqual([422, 'registry.faults']);
    expect(answer.body.errors.length).toBeGreaterThan(0);
    for (const one of answer.body.errors) {
      expect(one).toMatchObject({
        file: 'members.csv',
        reason: expect.any(String),
        sentence: expect.stringMatching(/^members\.csv/),
      });
    }
    expect(answer.text).not.toContain('赵一');
    expect(await bench.members.get('M51')).toBeNull();
    await bench.close();
  });

  it('tries first, then takes in, and is the same twice', async () => {
    const bench = await buildHttp();
    const client = await bench.as('管理员');
    const { readFile } = await import('node:fs/promises');
    const folder = new URL('../data/village/', import.meta.url);
    const names = ['members.csv', 'grids.csv', 'gardens.csv', 'calendar.json'];
    const files = await Promise.all(
      names.map(async (name) => ({ name, base64: (await readFile(new URL(name, folder))).toString('base64') })),
    );
    const tried = await client.send('PUT', '/api/v1/imports/village', { files, dryRun: true });
    expect(tried.body.dryRun).toBe(true);
    const before = await bench.members.list({ grids: null }, { after: null, limit: 1000 });
    expect(before).toHaveLength(11);
    const done = await client.send('PUT', '/api/v1/imports/village', { files });
    expect(done.body.counts).toEqual(tried.body.counts);
    expect(done.body.counts.members.added).toBeGreaterThan(200);
    const again = await client.send('PUT', '/api/v1/imports/village', { files });
    expect(again.body.counts.members.added).toBe(0);
    await bench.close();
  });

  it.each([
    ['what is no base64', [{ name: 'grids.csv', base64: '???' }]],
    ['the same name twice', [grids, grids]],
    ['a path for a name', [{ ...grids, name: '../grids.csv' }]],
    ['no file', []],
  ])('refuses %s', async (_name, files) => {
    const bench = await buildHttp();
    const client = await bench.as('管理员');
    expect((await client.send('PUT', '/api/v1/imports/village', { files })).status).toBe(422);
    await bench.close();
  });

  it('takes more than other requests may bring, and no more than 25 MB', async () => {
    const bench = await buildHttp();
    const client = await bench.as('管理员');
    const big = (bytes: number) => [{ name: 'notes.txt', base64: Buffer.alloc(bytes).toString('base64') }];
    const fine = await client.send('PUT', '/api/v1/imports/village', {
      files: [grids, ...big(5_000_000)],
      dryRun: true,
    });
    expect(fine.status).not.toBe(413);
    expect((await client.send('PUT', '/api/v1/imports/village', { files: big(25_500_000) })).status).toBe(413);
    await bench.close();
  });
});

describe('policy cards', () => {
  const card = {
    id: 'yibao',
    title: '居民医保',
    category: '社会保障',
    summary: '每年交一次',
    body: '全文',
    validFrom: '2026-01-01',
    validTo: null,
    deadline: '2026-12-31',
    audience: ['所有居民'],
    materials: ['身份证'],
    contact: '村委会',
    qa: [],
  };

  it('are taken in all or nothing, and found by their words', async () => {
    const bench = await buildHttp();
    const [social, officer] = [await bench.as('社工'), await bench.as('网格员')];
    const bad = await social.send('POST', '/api/v1/policies/import', {
      cards: [card, { ...card, id: 'b', title: '' }],
    });
    expect(bad.body).toMatchObject({ code: 'policies.bad-card', facts: { position: 2, field: 'title' } });
    expect((await social.get('/api/v1/policies')).body.items).toEqual([]);
    expect((await social.send('POST', '/api/v1/policies/import', { cards: [card] })).body).toEqual({ changed: 1 });
    expect((await officer.get('/api/v1/policies?q=医保')).body.items).toMatchObject([{ id: 'yibao', version: 1 }]);
    expect((await officer.get('/api/v1/policies/yibao')).body).toMatchObject({ materials: ['身份证'] });
    expect((await officer.get('/api/v1/policies/none')).status).toBe(404);
    expect((await officer.send('POST', '/api/v1/policies/import', { cards: [card] })).status).toBe(403);
    await bench.close();
  });
});
