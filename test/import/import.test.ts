import iconv from 'iconv-lite';
import { beforeEach, describe, expect, it } from 'vitest';
import { gardens } from '../../src/gardens/gardens.model.ts';
import { gridSettings, grids, rooms } from '../../src/grid/grid.model.ts';
import { grants, households, identities, members } from '../../src/members/members.model.ts';
import { writeSheet } from '../../src/platform/tables.ts';
import type { Store } from '../../src/platform/store/port.ts';
import { importParts, imports, importSlots } from '../../src/registry/registry.model.ts';
import type { ImportReport } from '../../src/registry/index.ts';
import { systemActor } from '../../src/shared/access.ts';
import * as say from '../../templates/registry.ts';
import { actorWith, buildRegistry, sampleVillage, type RegistryRig } from '../support/members.ts';

type Files = Record<string, Uint8Array>;
let rig: RegistryRig;
let sample: Files;

const text = (file: Uint8Array | undefined): string =>
  Buffer.from(file ?? [])
    .toString('utf8')
    .replaceAll('\r\n', '\n');
const bytes = (content: string): Uint8Array => Buffer.from(content, 'utf8');
const importing = (files: Files, dryRun = false): Promise<ImportReport> =>
  rig.registry.importVillage(files, { actor: systemActor, dryRun });

/** The sample with one line of a file written anew; line 1 is the header. */
function withLine(file: string, line: number, content: string): Files {
  const lines = text(sample[file]).split('\n');
  lines[line - 1] = content;
  return { ...sample, [file]: bytes(lines.join('\n')) };
}

const faultsOf = (report: ImportReport): string[] => report.faults.map(say.fault);

/** Everything that an import may write, for comparing. */
async function everything(store: Store): Promise<unknown> {
  return Promise.all([
    store.collection(members).find({}),
    store.collection(households).find({}),
    store.collection(grants).find({}),
    store.collection(identities).find({}),
    store.collection(grids).find({}),
    store.collection(rooms).find({}),
    store.collection(gridSettings).find({}),
    store.collection(gardens).find({}),
  ]);
}

beforeEach(async () => {
  rig = buildRegistry();
  sample = await sampleVillage();
});

describe('a village’s folder', () => {
  it('is taken in with people, households, roles, grids, rooms, gardens and the calendar', async () => {
    const report = await importing(sample);
    expect(faultsOf(report)).toEqual([]);
    expect(report.counts).toMatchObject({
      members: { added: 313, changed: 0, same: 0 },
      households: 120,
      grids: { added: 5 },
      rooms: { added: 4 },
      gardens: { added: 4 },
      calendar: true,
    });
    expect(await rig.members.get('M0073')).toMatchObject({
      name: '陈正琼',
      born: '1988-06',
      grid: '一组',
      nickname: '陈正琼',
    });
    expect((await rig.grid.onDuty('四组'))?.name).toBe('吴昌玉');
    expect((await rig.members.actor('M0110')).grants.map(({ role, scope }) => `${role}:${scope}`).sort()).toEqual([
      '党员:village',
      '村支书:village',
    ]);
    expect((await rig.grid.village())?._id).toBe('清溪村');
    expect(await rig.grid.get('三组')).toMatchObject({ parent: '清溪村', households: 31 });
    expect(await rig.grid.roomOf('三组')).toMatchObject({ topic: '三组村民群', channelRoom: null });
    expect((await rig.grid.calendar()).marketDays).toEqual({ calendar: 'lunar', dayEndsIn: [2, 5, 8] });
    expect((await rig.gardens.get('桂花园'))?.plants).toEqual(['桂花', '麦冬']);
  });

  it('keeps numbers sealed, beside a digest that finds them', async () => {
    await importing(sample);
    const rows =
      JSON.stringify(await everything(rig.store)) + JSON.stringify(await rig.store.collection(importParts).find({}));
    expect(rows).not.toContain('19900000073');
    expect((await rig.members.phones.holders('199 0000 0073')).map(({ _id }) => _id)).toEqual(['M0073']);
  });

  it('is the same taken in twice', async () => {
    await importing(sample);
    const once = await everything(rig.store);
    await rig.pass(60);
    const again = await importing(sample);
    expect(await everything(rig.store)).toEqual(once);
    expect(again.counts).toMatchObject({
      members: { added: 0, changed: 0, same: 313 },
      grids: { added: 0, changed: 0, same: 4 },
      gardens: { added: 0, changed: 0, same: 4 },
      roles: { granted: 0, ended: 0 },
      calendar: false,
    });
  });

  it('is only looked at in a dry run', async () => {
    const report = await importing(sample, true);
    expect(report).toMatchObject({ ok: true, dryRun: true, counts: { members: { added: 313 } } });
    expect(await everything(rig.store)).toEqual([[], [], [], [], [], [], [], []]);
    expect(await rig.store.collection(imports).count({})).toBe(0);
  });

  it('is taken in by an admin alone', async () => {
    const asked = rig.registry.importVillage(sample, { actor: actorWith('村支书') });
    await expect(asked).rejects.toMatchObject({ code: 'access.denied' });
  });

  it('may come in GB18030, as Excel saves it', async () => {
    const files = { ...sample, 'members.csv': iconv.encode(text(sample['members.csv']), 'gb18030') };
    expect(faultsOf(await importing(files))).toEqual([]);
    expect((await rig.members.get('M0001'))?.name).toBe('胡学文');
  });

  it('may come as an Excel sheet', async () => {
    const [head, ...lines] = text(sample['members.csv']).trimEnd().split('\n');
    const sheet = await writeSheet(
      lines.map((line) => line.split(',')),
      (head ?? '').split(',').map((header, at) => ({ header, value: (cells: string[]) => cells[at] ?? '' })),
    );
    const { 'members.csv': _csv, ...rest } = sample;
    const report = await importing({ ...rest, 'members.xlsx': sheet });
    expect(faultsOf(report)).toEqual([]);
    expect(report.counts?.members.added).toBe(313);
  });

  it('may come in parts, the people after the grids', async () => {
    const { 'members.csv': people, ...rest } = sample;
    const { 'gardens.csv': plots, ...before } = rest;
    expect((await importing(before)).ok).toBe(true);
    expect((await importing({ 'members.csv': people ?? new Uint8Array() })).counts?.members.added).toBe(313);
    expect((await importing({ 'gardens.csv': plots ?? new Uint8Array() })).counts?.gardens.added).toBe(4);
  });

  it('of ten thousand people takes seconds', async () => {
    const head = text(sample['members.csv']).split('\n')[0] ?? '';
    const rows = Array.from({ length: 10_000 }, (_, n) => {
      const home = Math.floor(n / 3);
      return `N${n},张三,男,1970-01,H${home},${n % 3 === 0 ? '户主' : '子'},三组,,,,1990000${String(n).padStart(4, '0')}`;
    });
    const report = await importing({
      ...sample,
      'gardens.csv': bytes('名称,网格,面积平方米,认领户,主要植物\n'),
      'members.csv': bytes([head, ...rows].join('\n')),
    });
    expect(report.counts?.members.added).toBe(10_000);
  }, 20_000);
});

describe('a later list', () => {
  beforeEach(async () => {
    await importing(sample);
    await rig.pass(60);
  });

  it('updates who changed, and nobody else', async () => {
    const before = await rig.members.get('M0002');
    const report = await importing(
      withLine('members.csv', 2, 'M0001,胡学文,男,1952-06,H001,户主,一组,党员,低保,老胡,19900009999'),
    );
    expect(report.counts).toMatchObject({ members: { changed: 1, same: 312 }, roles: { granted: 1, ended: 0 } });
    expect(await rig.members.get('M0001')).toMatchObject({ nickname: '老胡', tags: ['低保'] });
    expect((await rig.members.phones.holders('19900009999')).map(({ _id }) => _id)).toEqual(['M0001']);
    expect(await rig.members.get('M0002')).toEqual(before);
  });

  it('deletes and unbinds nobody, and keeps a number that it leaves blank', async () => {
    await rig.members.bind(systemActor, 'c1', 'M0001');
    await rig.grid.roomOfChannel('r1', '一组村民群');
    const lines = text(sample['members.csv']).split('\n');
    await importing({ ...sample, 'members.csv': bytes([lines[0], ...lines.slice(3)].join('\n')) });
    expect((await rig.members.get('M0001'))?.name).toBe('胡学文');
    expect(await rig.members.personOfContact('c1')).toBe('M0001');
    expect((await rig.grid.room('一组'))?.channelRoom).toBe('r1');
    await importing(withLine('members.csv', 2, 'M0001,胡学文,男,1952-06,H001,户主,一组,,,,'));
    expect((await rig.members.phones.holders('19900000001')).map(({ _id }) => _id)).toEqual(['M0001']);
  });

  it('ends a role that it no longer lists, and gives it again when it does', async () => {
    const without = withLine('members.csv', 297, 'M0296,吴昌玉,女,1964-10,H112,配偶,四组,,,吴昌玉,19900000296');
    expect((await importing(without)).counts?.roles).toMatchObject({ ended: 1 });
    expect((await rig.members.actor('M0296')).grants).toEqual([]);
    await rig.pass(60);
    expect((await importing(sample)).counts?.roles).toMatchObject({ granted: 1 });
    expect((await rig.members.actor('M0296')).grants).toEqual([{ role: '网格员', scope: '四组' }]);
  });

  it('leaves alone what an admin granted or ended by hand', async () => {
    const admin = actorWith('管理员');
    await rig.members.grants.grant(admin, { member: 'M0001', role: '社工', scope: 'village' });
    await rig.members.grants.revoke(admin, { member: 'M0296', role: '网格员', scope: '四组' });
    await rig.pass(1);
    const report = await importing(sample);
    expect(report.counts?.roles).toEqual({ granted: 0, ended: 0, refused: 1 });
    expect((await rig.members.actor('M0001')).grants).toEqual([{ role: '社工', scope: 'village' }]);
    expect((await rig.members.actor('M0296')).grants).toEqual([]);
    expect(say.report(report)).toContain('1个角色已被人工取消');
  });

  it('moves an officer to the new grid', async () => {
    await importing(withLine('members.csv', 297, 'M0296,吴昌玉,女,1964-10,H500,户主,三组,网格员,,吴昌玉,19900000296'));
    expect((await rig.members.actor('M0296')).grants).toEqual([{ role: '网格员', scope: '三组' }]);
  });
});

describe('what is wrong', () => {
  it('is told all at once, with line, column and reason, and nothing is written', async () => {
    const files: Files = {
      ...withLine('members.csv', 3, 'M0001,林永芳7,女儿,1951-13,H 001,,九组,网格员|组长,,,1990'),
      'grids.csv': bytes(
        '网格,上级,微信群,户数\n一组,清溪村,村民群,很多\n二组,清溪村,村民群,30\n三组,清溪村,,\n四组,清溪村,,\n二组,清溪村,,1\n',
      ),
      'gardens.csv': bytes('名称,网格,面积平方米,认领户,主要植物\n桂花园,九组,-1,H999,\n,一组,,,\n'),
      'calendar.json': bytes(
        '{"quietHours":["25:00","07:00"],"farmingPeaks":[{"name":"春耕","start":"4月","end":"05-10"}]}',
      ),
    };
    const report = await importing(files);
    expect(report).toMatchObject({ ok: false, counts: null });
    expect(faultsOf(report)).toEqual([
      'grids.csv 第2行「户数」:要写数字',
      'grids.csv 第3行「微信群」:和第2行重复',
      'grids.csv 第6行「网格」:和第3行重复',
      'members.csv 第3行「编号」:和第2行重复',
      'members.csv 第3行「姓名」:姓名里有不该有的符号',
      'members.csv 第3行「性别」:只能写男或女',
      'members.csv 第3行「出生年月」:要写成年-月,如 1968-09',
      'members.csv 第3行「户号」:只能用字、字母、数字、-和_,也不能和上级同名',
      'members.csv 第3行「与户主关系」:不能空着',
      'members.csv 第3行「网格」:没有"九组"这个网格',
      'members.csv 第3行「角色」:没有"组长"这个角色',
      'members.csv 第3行「手机号」:不是电话号码(手机11位,座机带区号)',
      'gardens.csv 第2行「网格」:没有"九组"这个网格',
      'gardens.csv 第2行「面积平方米」:要写数字',
      'gardens.csv 第2行「认领户」:没有H999这一户',
      'gardens.csv 第3行「名称」:不能空着',
      'calendar.json「farmingPeaks.0.start」:内容不对,请看说明里的样子',
      'calendar.json「quietHours.0」:内容不对,请看说明里的样子',
    ]);
    expect(say.report(report)).toContain('有18处不对,什么都没有导入');
    expect(await everything(rig.store)).toEqual([[], [], [], [], [], [], [], []]);
  });

  it.each([
    ['a month to come', '1,胡,男,2026-04,H9,户主,一组,,,,', '「出生年月」:还没有到这个月'],
    ['a second head', 'M9999,胡学武,男,1950-01,H001,户主,一组,,,,', '「与户主关系」:H001户有两个户主,另一个在第2行'],
    ['a household in two grids', 'M9999,胡学武,男,1950-01,H001,子,二组,,,,', '「网格」:H001户的人在不同的网格,见第2行'],
    [
      'an id with a colon',
      'wx:c1,胡学武,男,1950-01,H999,户主,一组,,,,',
      '「编号」:只能用字、字母、数字、-和_,也不能和上级同名',
    ],
    ['a very long tag', `M9999,胡学武,男,,H999,户主,一组,,${'很'.repeat(30)},,`, '「标签」:太长了,最多20个字'],
  ])('%s', async (_what, line, reason) => {
    const files = { ...sample, 'members.csv': bytes(`${text(sample['members.csv']).trimEnd()}\n${line}\n`) };
    expect(faultsOf(await importing(files))).toEqual([`members.csv 第315行${reason}`]);
  });

  it.each([
    ['a missing column', { 'members.csv': '编号,姓名\nM1,张三\n' }, 'members.csv「性别」:缺这一列'],
    ['an empty file', { 'members.csv': '' }, 'members.csv:文件是空的'],
    ['a quote that does not close', { 'members.csv': '编号,姓名\n"M1,张三\n' }, '引号没有配对'],
    ['broken JSON', { 'calendar.json': '{\n"quietHours": [\n}' }, 'calendar.json'],
    [
      'another time zone',
      { 'calendar.json': '{"timezone":"Europe/Paris"}' },
      'calendar.json「timezone」:只能是 Asia/Shanghai',
    ],
    [
      'two villages',
      { 'grids.csv': '网格,上级,微信群,户数\n一组,东村,,\n二组,西村,,\n' },
      '「上级」:最上面只能有一个村,现在有:东村、西村',
    ],
    [
      'a ring',
      { 'grids.csv': '网格,上级,微信群,户数\n一组,二组,,\n二组,一组,,\n' },
      'grids.csv「上级」:每个网格都有上级,找不到村',
    ],
    [
      'a ring beside a village',
      { 'grids.csv': '网格,上级,微信群,户数\n东村,,,\n一组,二组,,\n二组,一组,,\n' },
      '上级绕成了一圈',
    ],
    ['the reserved name', { 'grids.csv': '网格,上级,微信群,户数\nvillage,,,\n' }, 'grids.csv 第2行「网格」'],
  ])('%s', async (_what, files, reason) => {
    const report = await importing(
      Object.fromEntries(Object.entries(files).map(([name, file]) => [name, bytes(file)])),
    );
    expect(report.ok).toBe(false);
    expect(faultsOf(report).join('\n')).toContain(reason);
  });

  it('rows with more cells than columns, each of them, beside the other faults', async () => {
    const lines = text(sample['members.csv']).split('\n');
    for (const at of [2, 5]) lines[at] = `${lines[at]},多,余`;
    lines[3] = 'M0003,胡昌明,先生,1952-04,H002,户主,一组,,低保,桂花树下,19900000003';
    expect(faultsOf(await importing({ ...sample, 'members.csv': bytes(lines.join('\n')) }))).toEqual([
      'members.csv 第3行「第12列」:这一行的格子比表头多',
      'members.csv 第3行「第13列」:这一行的格子比表头多',
      'members.csv 第4行「性别」:只能写男或女',
      'members.csv 第6行「第12列」:这一行的格子比表头多',
      'members.csv 第6行「第13列」:这一行的格子比表头多',
    ]);
  });

  it('bytes that are neither UTF-8 nor GB18030', async () => {
    const broken = Buffer.concat([Buffer.from(text(sample['members.csv'])), Buffer.from([0xff, 0xff, 0x00])]);
    const report = await importing({ ...sample, 'members.csv': broken });
    expect(report.faults).toMatchObject([{ file: 'members.csv', code: 'unreadable' }]);
    const noText = await importing({ 'calendar.json': Buffer.from([0x7b, 0xff, 0x7d]) });
    expect(noText.faults).toMatchObject([{ file: 'calendar.json', code: 'unreadable' }]);
  });

  it('a folder with nothing in it, or with the same list twice', async () => {
    expect((await importing({})).faults).toMatchObject([{ code: 'missing-files' }]);
    const twice = { ...sample, 'members.xlsx': new Uint8Array([1]) };
    expect((await importing(twice)).faults.map(({ code }) => code)).toContain('two-files');
  });

  it('numbers, when there is no key to keep them with', async () => {
    rig = buildRegistry({ crypto: null });
    expect(faultsOf(await importing(sample))).toEqual(['members.csv「手机号」:没有配置密钥,手机号不能保存']);
  });

  it('another village than before, and a group name that another room bears', async () => {
    await importing(sample);
    const moved = { 'grids.csv': bytes('网格,上级,微信群,户数\n五组,东村,,\n') };
    expect(faultsOf(await importing(moved))).toEqual(['grids.csv 第2行「上级」:村已经是"清溪村",不能换']);
    const taken = { 'grids.csv': bytes('网格,上级,微信群,户数\n五组,清溪村,三组村民群,\n') };
    expect(faultsOf(await importing(taken))).toEqual(['grids.csv 第2行「微信群」:这个群名已经是"三组"的']);
  });

  it('names no person and no number in its faults', async () => {
    const report = await importing(withLine('members.csv', 3, 'M0001,林永芳7,女,,H001,配偶,一组,,,,1990000'));
    const said = JSON.stringify(report.faults) + faultsOf(report).join();
    expect(said).not.toContain('林永芳');
    expect(said).not.toContain('1990000');
  });
});

describe('smaller grids', () => {
  it('are answered for by the officer of the grid that they are in, beside their own', async () => {
    const files = {
      'grids.csv': bytes(
        '网格,上级,微信群,户数,值班电话,管理群\n清溪村,,,,023 1234 5678,村干部群\n四组,清溪村,四组群,25,,\n四组上院,四组,,,,\n',
      ),
      'members.csv': bytes(
        `${text(sample['members.csv']).split('\n')[0]}\nM1,吴昌玉,女,,H1,户主,四组,网格员,,,\nM2,王五,男,,H2,户主,四组上院,,,,\n`,
      ),
    };
    expect(faultsOf(await importing(files))).toEqual([]);
    expect((await rig.members.actor('M1')).grants.map(({ scope }) => scope)).toEqual(['四组', '四组上院']);
    expect((await rig.grid.onDuty('四组上院'))?._id).toBe('M1');
    expect((await rig.grid.dutyPhone('四组上院'))?.phone).toBe('023-12345678');
    expect(await rig.grid.room('清溪村管理群')).toMatchObject({ topic: '村干部群', management: true });
  });
});

describe('an import that a crash cuts', () => {
  /** A store whose writes fail for good after so many. */
  function dying(store: Store, writes: number): Store {
    let left = writes;
    const spend = (): void => {
      if (--left < 0) throw new Error('killed');
    };
    return {
      ...store,
      collection: (declaration) => {
        const inner = store.collection(declaration);
        return {
          ...inner,
          insert: async (...args) => (spend(), inner.insert(...args)),
          update: async (...args) => (spend(), inner.update(...args)),
          upsert: async (...args) => (spend(), inner.upsert(...args)),
          updateMany: async (...args) => (spend(), inner.updateMany(...args)),
          remove: async (...args) => (spend(), inner.remove(...args)),
        };
      },
    };
  }

  const small = async (): Promise<Files> => {
    const lines = text(sample['members.csv']).split('\n');
    return { ...sample, 'members.csv': bytes([...lines.slice(0, 40), lines[296]].join('\n')) };
  };

  it('took in nothing, or takes in everything when the village starts again', async () => {
    const files = await small();
    await importing(files);
    const whole = JSON.stringify(await shape(rig.store));
    const nothing = JSON.stringify([[], [], [], [], []]);
    let partly = 0;
    let cut = 0;
    let finished = 0;
    for (let writes = 0; ; writes += 3) {
      rig = buildRegistry();
      const crashing = buildRegistry({ store: dying(rig.store, writes) });
      const result = await crashing.registry.importVillage(files, { actor: systemActor }).catch(() => null);
      await rig.registry.resume();
      const after = JSON.stringify(await shape(rig.store));
      if (after === whole) finished++;
      else if (after === nothing) cut++;
      else partly++;
      expect((await rig.store.collection(importSlots).get('village'))?.import ?? null).toBeNull();
      if (result !== null) break;
    }
    expect(partly).toBe(0);
    expect(cut).toBeGreaterThan(0);
    expect(finished).toBeGreaterThan(10);
  });

  async function shape(store: Store): Promise<unknown[][]> {
    const ids = async (rows: Promise<{ _id: string }[]>): Promise<string[]> =>
      (await rows).map(({ _id }) => _id).sort();
    return Promise.all([
      ids(store.collection(members).find({})),
      ids(store.collection(households).find({})),
      ids(store.collection(grants).find({})),
      ids(store.collection(grids).find({})),
      ids(store.collection(gardens).find({})),
    ]);
  }

  it('leaves nothing behind that was prepared and never begun', async () => {
    const crashing = buildRegistry({ store: dying(rig.store, 2) });
    await expect(crashing.registry.importVillage(sample, { actor: systemActor })).rejects.toThrow('killed');
    expect(await rig.store.collection(importParts).count({})).toBeGreaterThan(0);
    await rig.pass(61);
    await rig.registry.resume();
    expect(await rig.store.collection(importParts).count({})).toBe(0);
    expect(await rig.store.collection(imports).count({})).toBe(0);
    expect((await importing(sample)).ok).toBe(true);
    expect(await rig.store.collection(importParts).count({})).toBe(0);
  });

  it('waits for its turn when two are asked for at once', async () => {
    const changed = withLine('members.csv', 2, 'M0001,胡学文,男,1952-06,H001,户主,一组,,,老胡,');
    const [first, second] = await Promise.all([importing(sample), importing(changed)]);
    expect(first.counts?.members.added).toBe(313);
    expect(second.counts?.members.changed).toBe(1);
    expect((await rig.members.get('M0001'))?.nickname).toBe('老胡');
  });
});
