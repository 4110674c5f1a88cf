import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../shared/errors.ts';
import type { Ids } from './ids.ts';

export type ImageType = 'image/jpeg' | 'image/png' | 'image/webp' | 'image/gif';

export interface Upload {
  /** SHA-256 of the bytes and the ending that fits: the same picture has the same id. */
  readonly id: string;
  readonly type: ImageType;
  readonly bytes: number;
}

/** Pictures that people send, kept as they came, by their content. */
export interface Uploads {
  /**
   * Keeps a picture; the same bytes again change nothing. On disk before it resolves.
   * AppError 400: `upload.empty`, `upload.too-large` {limit}, `upload.not-image`.
   */
  save(bytes: Uint8Array): Promise<Upload>;
  /** Null when there is none (any more). */
  read(id: string): Promise<{ type: ImageType; bytes: Uint8Array } | null>;
  /** Whether it was there. Two reports may share a picture: ask only when nothing refers to it any more. */
  remove(id: string): Promise<boolean>;
}

/** Bytes of one picture. */
export const uploadLimit = 10_000_000;

const endings: Readonly<Record<ImageType, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/gif': 'gif',
};

/** Told by the first bytes, never by a name or what the sender says. Null: none of the four kinds. */
export function imageTypeOf(bytes: Uint8Array): ImageType | null {
  const ascii = (from: number, to: number): string => String.fromCharCode(...bytes.subarray(from, to));
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'image/jpeg';
  if (ascii(0, 8) === '\x89PNG\r\n\x1a\n') return 'image/png';
  if (ascii(0, 6) === 'GIF87a' || ascii(0, 6) === 'GIF89a') return 'image/gif';
  if (ascii(0, 4) === 'RIFF' && ascii(8, 12) === 'WEBP') return 'image/webp';
  return null;
}

function typeOfId(id: string): ImageType | null {
  const ending = /^[0-9a-f]{64}\.(jpg|png|webp|gif)$/.exec(id)?.[1];
  const types: readonly ImageType[] = ['image/jpeg', 'image/png', 'image/webp', 'image/gif'];
  return types.find((type) => endings[type] === ending) ?? null;
}

/** Where the bytes go. Names are ids, already checked. */
interface Shelf {
  put(id: string, bytes: Uint8Array): Promise<void>;
  get(id: string): Promise<Uint8Array | null>;
  drop(id: string): Promise<boolean>;
}

/** Pictures in a folder of their own. */
export function createUploads({ dir, ids }: { dir: string; ids: Ids }): Uploads {
  return uploadsOn(createFolder(dir, ids));
}

/** Ids of the pictures in such a folder, for a backup. */
export async function* keptPictures(dir: string): AsyncGenerator<string> {
  for (const shelf of (await readdir(dir).catch(none)).sort()) {
    for (const id of (await readdir(join(dir, shelf)).catch(none)).sort()) if (typeOfId(id) !== null) yield id;
  }
}

/** No folder, no pictures. */
function none(fault: unknown): string[] {
  if (fault instanceof Error && 'code' in fault && (fault.code === 'ENOENT' || fault.code === 'ENOTDIR')) return [];
  throw fault;
}

/** For tests and replays: gone with the process. */
export function createMemoryUploads(): Uploads {
  const kept = new Map<string, Uint8Array>();
  return uploadsOn({
    put: async (id, bytes) => void kept.set(id, bytes.slice()),
    get: async (id) => kept.get(id)?.slice() ?? null,
    drop: async (id) => kept.delete(id),
  });
}

function uploadsOn(shelf: Shelf): Uploads {
  return {
    async save(bytes) {
      if (bytes.byteLength === 0) throw new AppError('upload.empty', 400);
      if (bytes.byteLength > uploadLimit) throw new AppError('upload.too-large', 400, { limit: uploadLimit });
      const type = imageTypeOf(bytes);
      if (type === null) throw new AppError('upload.not-image', 400);
      const id = `${createHash('sha256').update(bytes).digest('hex')}.${endings[type]}`;
      await shelf.put(id, bytes);
      return { id, type, bytes: bytes.byteLength };
    },
    async read(id) {
      const type = typeOfId(id);
      const bytes = type === null ? null : await shelf.get(id);
      return type === null || bytes === null ? null : { type, bytes };
    },
    remove: async (id) => typeOfId(id) !== null && (await shelf.drop(id)),
  };
}

/** Written beside its place and moved there, so that a picture is whole or not there. */
function createFolder(dir: string, ids: Ids): Shelf {
  const placeOf = (id: string): string => join(dir, id.slice(0, 2), id);
  const missing = (fault: unknown): boolean => fault instanceof Error && 'code' in fault && fault.code === 'ENOENT';
  const get = async (id: string): Promise<Uint8Array | null> => {
    try {
      return await readFile(placeOf(id));
    } catch (fault) {
      if (missing(fault)) return null;
      throw fault;
    }
  };
  return {
    get,
    async put(id, bytes) {
      const place = placeOf(id);
      await mkdir(dirname(place), { recursive: true, mode: 0o700 });
      const beside = `${place}.${ids.next()}.part`;
      try {
        const file = await open(beside, 'wx', 0o600);
        try {
          await file.writeFile(bytes);
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(beside, place);
      } catch (fault) {
        await rm(beside, { force: true });
        throw fault;
      }
    },
    async drop(id) {
      try {
        await rm(placeOf(id));
        return true;
      } catch (fault) {
        if (missing(fault)) return false;
        throw fault;
      }
    },
  };
}
