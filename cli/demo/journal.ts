import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { ChatMessage } from '../../bots/simulator/index.ts';

const message = z.object({
  seq: z.number().int(),
  id: z.string(),
  chat: z.string(),
  from: z.string().nullable(),
  kind: z.enum(['text', 'image', 'voice', 'recall']),
  text: z.string(),
  picture: z.string().nullable(),
  recalls: z.string().nullable(),
  mentions: z.array(z.string()),
  at: z.string(),
}) satisfies z.ZodType<ChatMessage>;

/** What the phones of the demo show, kept from one start to the next. */
export interface Journal {
  readonly earlier: readonly ChatMessage[];
  write(message: ChatMessage): void;
  close(): Promise<void>;
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (fault) {
    if (fault instanceof Error && 'code' in fault && fault.code === 'ENOENT') return '';
    throw fault;
  }
}

/** One JSON object a line; a last line that a kill cut off is dropped. */
export async function openJournal(folder: string): Promise<Journal> {
  const path = join(folder, 'chats.jsonl');
  const text = await read(path);
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole.length < text.length) await truncate(path, Buffer.byteLength(whole));
  const earlier = whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => message.parse(JSON.parse(line)));
  const out = createWriteStream(path, { flags: 'a', mode: 0o600 });
  return {
    earlier,
    write: (each) => void out.write(`${JSON.stringify(each)}\n`),
    async close() {
      out.end();
      await once(out, 'close');
    },
  };
}
