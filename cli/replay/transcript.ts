import { z } from 'zod';

/** An instant as people write it: with or without seconds, always with its offset. */
const instant = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/, 'not an instant with its offset')
  .transform((text) => new Date(text))
  .refine((at) => !Number.isNaN(at.getTime()), 'no such time');

const messageLine = z.object({
  id: z.string().min(1),
  at: instant,
  /** Our room id (三组), or null in a direct chat. */
  room: z.string().nullable(),
  /** Member id. */
  from: z.string().min(1),
  mention: z.boolean().default(false),
  text: z.string().default(''),
  /** File names. */
  image: z.string().optional(),
  voice: z.string().optional(),
  /** Id of the message that is taken back. */
  recalls: z.string().optional(),
});
export type MessageLine = z.infer<typeof messageLine>;

const strings = z.array(z.string());
const operatorLine = z.discriminatedUnion('do', [
  z.object({
    do: z.literal('notice.send'),
    args: z.object({
      key: z.string(),
      kind: z.enum(['normal', 'urgent']),
      title: z.string(),
      text: z.string(),
      rooms: strings.default([]),
      direct: strings.default([]),
    }),
  }),
  z.object({ do: z.literal('notice.approve'), args: z.object({ key: z.string() }) }),
  z.object({
    do: z.literal('activity.create'),
    args: z.object({
      id: z.string(),
      name: z.string(),
      kind: z.string(),
      garden: z.string().optional(),
      startsAt: instant,
      endsAt: instant,
      capacity: z.number().int(),
      meet: z.string().optional(),
      bring: strings.default([]),
      post: z.object({ rooms: strings.default([]), jielong: z.boolean().default(false) }).optional(),
    }),
  }),
  z.object({
    do: z.literal('activity.cancel'),
    args: z.object({ activity: z.string(), reason: z.string().default('') }),
  }),
  z.object({
    do: z.literal('activity.reschedule'),
    args: z.object({ activity: z.string(), startsAt: instant, endsAt: instant, reason: z.string().default('') }),
  }),
  /** `feedback` is the id of the message that made the report. */
  z.object({ do: z.literal('feedback.assign'), args: z.object({ feedback: z.string(), to: z.string() }) }),
  z.object({
    do: z.literal('feedback.resolve'),
    args: z.object({ feedback: z.string(), note: z.string().default('') }),
  }),
]);
const operatorWho = z.object({ at: instant, operator: z.string().min(1) });
export type OperatorAct = z.infer<typeof operatorLine>;
export type OperatorLine = z.infer<typeof operatorWho> & OperatorAct;

export type Line = { readonly message: MessageLine } | { readonly operator: OperatorLine };

const given = z.object({
  clockStart: instant,
  /** Members whom no WeChat contact is bound to yet. */
  unbound: strings.default([]),
  bindCodes: z
    .array(z.object({ code: z.string(), member: z.string(), validUntil: instant, uses: z.number().int().default(1) }))
    .default([]),
  /** Activity → code. */
  checkinCodes: z.record(z.string(), z.string()).default({}),
});
export type Given = z.infer<typeof given>;

/** One line of a file that can't be read; the message names the file, the line and what is wrong. */
export class TranscriptError extends Error {
  constructor(file: string, line: number | null, what: string) {
    super(`${file}${line === null ? '' : `:${line}`}: ${what}`);
    this.name = 'TranscriptError';
  }
}

function parse<T>(schema: z.ZodType<T>, value: unknown, file: string, line: number | null): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  throw new TranscriptError(file, line, `${first?.path.map(String).join('.') ?? ''} ${first?.message ?? ''}`.trim());
}

function json(text: string, file: string, line: number | null): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new TranscriptError(file, line, 'not JSON');
  }
}

/** Reads a transcript: one JSON object a line, messages and what operators do. Throws TranscriptError. */
export function readTranscript(text: string, file: string): Line[] {
  const lines: Line[] = [];
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    if (raw.trim() === '') continue;
    const value = json(raw, file, index + 1);
    const operates = typeof value === 'object' && value !== null && 'operator' in value;
    if (operates) {
      const who = parse(operatorWho, value, file, index + 1);
      lines.push({ operator: { ...who, ...parse(operatorLine, value, file, index + 1) } });
    } else lines.push({ message: parse(messageLine, value, file, index + 1) });
  }
  return lines;
}

/** Reads what is there before the first line. Throws TranscriptError. */
export function readGiven(text: string, file: string): Given {
  return parse(given, json(text, file, null), file, null);
}

export const timeOf = (line: Line): Date => ('message' in line ? line.message.at : line.operator.at);
