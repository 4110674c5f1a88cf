import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';

const inflate = promisify(inflateRaw);
const localHeader = 0x04034b50;
const centralHeader = 0x02014b50;
const endRecord = 0x06054b50;

/** A zip's content by name, or what is wrong with it. */
export type Unzipped = { readonly files: ReadonlyMap<string, Uint8Array> } | { readonly fault: 'broken' | 'too large' };

/**
 * Unpacks a zip that stands in memory, to at most `limit` bytes in all, counted while inflating. A file whose
 * own word on its sizes is false counts as broken, so that readers that trust it can be let at it afterwards;
 * so do encrypted, split and zip64 files.
 */
export async function unzip(bytes: Uint8Array, limit: number): Promise<Unzipped> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const files = new Map<string, Uint8Array>();
  let left = limit;
  try {
    const end = findEnd(view);
    if (end === null) return { fault: 'broken' };
    let at = view.getUint32(end + 16, true);
    for (let entries = view.getUint16(end + 10, true); entries > 0; entries--) {
      if (view.getUint32(at, true) !== centralHeader || (view.getUint16(at + 8, true) & 1) !== 0) {
        return { fault: 'broken' };
      }
      const nameLength = view.getUint16(at + 28, true);
      const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
      const content = await extract(view, bytes, at, left);
      if (content === 'too large') return { fault: 'too large' };
      if (content.byteLength !== view.getUint32(at + 24, true)) return { fault: 'broken' };
      left -= content.byteLength;
      files.set(name, content);
      at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    }
  } catch (fault) {
    // Offsets beyond the end and data that doesn't inflate: the file is cut or made up.
    if (fault instanceof RangeError || isZlibFault(fault)) return { fault: 'broken' };
    throw fault;
  }
  return { files };
}

function findEnd(view: DataView): number | null {
  for (let at = view.byteLength - 22; at >= Math.max(0, view.byteLength - 22 - 0xffff); at--) {
    if (view.getUint32(at, true) === endRecord) return at;
  }
  return null;
}

async function extract(
  view: DataView,
  bytes: Uint8Array,
  central: number,
  left: number,
): Promise<Uint8Array | 'too large'> {
  const method = view.getUint16(central + 10, true);
  const size = view.getUint32(central + 20, true);
  const local = view.getUint32(central + 42, true);
  if (view.getUint32(local, true) !== localHeader) throw new RangeError('no local header');
  const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  if (start + size > bytes.byteLength) throw new RangeError('beyond the end');
  const packed = bytes.subarray(start, start + size);
  if (method === 0) return packed.byteLength > left ? 'too large' : packed;
  if (method !== 8) throw new RangeError('unknown method');
  try {
    return await inflate(packed, { maxOutputLength: Math.max(left, 1) });
  } catch (fault) {
    if (fault instanceof RangeError) return 'too large';
    throw fault;
  }
}

function isZlibFault(fault: unknown): boolean {
  return fault instanceof Error && 'code' in fault && String(fault.code).startsWith('Z_');
}
