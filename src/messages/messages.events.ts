import { z } from 'zod';
import { defineEvent } from '../platform/events/event.ts';
import { sayKinds } from './messages.model.ts';

/** Something with a subject was said. `at` is an ISO instant; exactly one of room and person is set. */
export const said = defineEvent(
  'message.said',
  z.object({
    key: z.string(),
    kind: z.enum(sayKinds),
    subjectKind: z.string(),
    subjectId: z.string(),
    room: z.string().nullable(),
    person: z.string().nullable(),
    at: z.string(),
  }),
);
