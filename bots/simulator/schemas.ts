import { z } from 'zod';
import { WrongInput, wrongOf } from '../../src/http/index.ts';
import type { Writing } from './desk.ts';

/** Bytes of a request, and of the picture in it. */
export const bodyLimit = 1_400_000;
const pictureLimit = 1_000_000;

const name = z
  .string()
  .trim()
  .min(1)
  .max(120)
  .regex(/^[^\p{Cc}/\\]+$/u);
const dataUrl = /^data:image\/(?:png|jpeg|webp|gif);base64,([A-Za-z0-9+/]+={0,2})$/;
const id = z.string().min(1).max(80);

const image = z
  .string()
  .max(bodyLimit)
  .transform((text, context) => {
    if (!text.startsWith('data:')) {
      const parsed = name.safeParse(text);
      if (parsed.success) return { name: parsed.data, bytes: null };
      context.issues.push({ code: 'custom', input: text });
      return z.NEVER;
    }
    const bytes = Buffer.from(dataUrl.exec(text)?.[1] ?? '', 'base64');
    if (bytes.length > 0 && bytes.length <= pictureLimit) return { name: '照片', bytes: new Uint8Array(bytes) };
    context.issues.push({ code: 'custom', input: text });
    return z.NEVER;
  });

/** At least a text or one other thing; a recall alone. */
export const messageBody = z
  .strictObject({
    from: id,
    room: id.nullable().default(null),
    text: z.string().max(20_000).default(''),
    mention: z.boolean().optional(),
    image: image.optional(),
    voice: name.optional(),
    recalls: id.optional(),
  })
  .refine(({ text, image: picture, voice, recalls }) => {
    const things = [picture, voice, recalls].filter((thing) => thing !== undefined).length;
    return recalls === undefined
      ? things + (text.trim() === '' ? 0 : 1) > 0 && things < 2
      : things === 1 && text === '';
  })
  .transform((body): Writing => body);

export const clockBody = z.strictObject({
  to: z.iso.datetime({ offset: true }).transform((text) => new Date(text)),
});

const count = z.coerce.number().int().min(0);
export const historyQuery = z.strictObject({
  before: count.optional(),
  limit: count.pipe(z.number().min(1).max(500)).default(100),
});
export const eventsQuery = z.strictObject({ after: count.optional() });

/** Errors: http.wrong-input 422 with the places. */
export function check<T extends z.ZodType>(part: 'body' | 'query', schema: T, value: unknown): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new WrongInput('http.wrong-input', 422, wrongOf(part, parsed.error));
}
