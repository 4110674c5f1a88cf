import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRandomIds } from '../../src/platform/ids.ts';
import { createMemoryUploads, createUploads, imageTypeOf, uploadLimit } from '../../src/platform/uploads.ts';
import { isAppError } from '../../src/shared/errors.ts';

const heads = {
  'image/jpeg': [0xff, 0xd8, 0xff],
  'image/png': [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
  'image/gif': [...Buffer.from('GIF89a')],
  'image/webp': [...Buffer.from('RIFF\0\0\0\0WEBP')],
};
const picture = (rest = 'a'): Uint8Array => Buffer.concat([Buffer.from(heads['image/jpeg']), Buffer.from(rest)]);

async function faultOf(task: Promise<unknown>): Promise<unknown> {
  const fault: unknown = await task.catch((error: unknown) => error);
  return isAppError(fault) ? { code: fault.code, status: fault.status, ...fault.facts } : fault;
}

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'uploads-'));
});
afterEach(() => rm(dir, { recursive: true }));

describe.each([
  ['in a folder', () => createUploads({ dir: join(dir, 'pictures'), ids: createRandomIds() })],
  ['in memory', () => createMemoryUploads()],
])('pictures kept %s', (_, create) => {
  it('come back as they were', async () => {
    const uploads = create();
    const { id, type, bytes } = await uploads.save(picture());
    expect({ type, bytes }).toEqual({ type: 'image/jpeg', bytes: 4 });
    const back = await uploads.read(id);
    expect(back?.type).toBe('image/jpeg');
    expect(Buffer.from(back?.bytes ?? [])).toEqual(Buffer.from(picture()));
  });

  it('are the same when their bytes are the same, also when both come at once', async () => {
    const uploads = create();
    const [one, two, other] = await Promise.all([picture(), picture(), picture('b')].map((each) => uploads.save(each)));
    expect(one?.id).toBe(two?.id);
    expect(other?.id).not.toBe(one?.id);
  });

  it('are gone once removed', async () => {
    const uploads = create();
    const { id } = await uploads.save(picture());
    expect(await uploads.remove(id)).toBe(true);
    expect(await uploads.remove(id)).toBe(false);
    expect(await uploads.read(id)).toBeNull();
  });

  it('cannot be asked for by a path', async () => {
    const uploads = create();
    await uploads.save(picture());
    for (const id of ['../../etc/passwd', '', 'x.jpg', `${'a'.repeat(64)}.exe`]) {
      expect(await uploads.read(id)).toBeNull();
      expect(await uploads.remove(id)).toBe(false);
    }
  });

  it('are refused when they are no picture, empty or too large', async () => {
    const uploads = create();
    const large = new Uint8Array(uploadLimit + 1);
    large.set(heads['image/jpeg']);
    expect(await faultOf(uploads.save(Buffer.from('<svg onload="alert(1)"/>')))).toMatchObject({
      code: 'upload.not-image',
    });
    expect(await faultOf(uploads.save(new Uint8Array()))).toMatchObject({ code: 'upload.empty' });
    expect(await faultOf(uploads.save(large))).toEqual({ code: 'upload.too-large', status: 400, limit: uploadLimit });
  });
});

it.each(Object.entries(heads))('%s is told by its first bytes', (type, head) => {
  expect(imageTypeOf(new Uint8Array([...head, 0, 0]))).toBe(type);
  expect(imageTypeOf(new Uint8Array(head.slice(0, -1)))).toBeNull();
});

it('leaves no half-written picture behind, and nobody else may read one', async () => {
  const folder = join(dir, 'pictures');
  const uploads = createUploads({ dir: folder, ids: createRandomIds() });
  const { id } = await uploads.save(picture());
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.includes('.'));
  expect(names).toEqual([join(id.slice(0, 2), id)]);
  expect((await stat(join(folder, names[0] ?? ''))).mode & 0o777).toBe(0o600);
});
