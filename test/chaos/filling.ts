// Fills a data folder with messages and sayings until it is killed; says how many documents were answered.
import { collections } from '../../src/compose.ts';
import { inbox, outbox, type InboxRow, type OutboxRow } from '../../src/messages/messages.model.ts';
import { createEmbeddedStore } from '../../src/platform/store/embedded.ts';

const [, , folder = ''] = process.argv;
const store = await createEmbeddedStore({ folder, declarations: collections });
const at = new Date('2026-03-18T09:30:00+08:00');
const together = 1000;

const received = (n: number): InboxRow => ({
  ...{ _id: `pipe:${n}`, state: 'done', receivedAt: new Date(at.getTime() + n), attempts: 1 },
});
const said = (n: number): OutboxRow => ({
  ...{ _id: `reply:pipe:${n}`, room: n % 2 === 0 ? '三组' : null, person: n % 2 === 0 ? null : `M${n % 900}` },
  ...{ text: `已报:3月21日(周六)8:30 桂花园除草,${n}人。`, mentions: [], kind: 'reply', priority: 0, state: 'sent' },
  ...{ notBefore: at, quiet: false, optional: false, inReplyTo: `pipe:${n}`, subject: null, facts: {}, createdAt: at },
  ...{ order: n, claimedBy: 'one', claimedAt: at, sentAt: new Date(at.getTime() + n), sentId: `said-${n}` },
  ...{ attempts: 1, error: null },
});

for (let from = 0; ; from += together) {
  const numbers = Array.from({ length: together }, (_, n) => from + n);
  await Promise.all(
    numbers.flatMap((n) => [store.collection(inbox).insert(received(n)), store.collection(outbox).insert(said(n))]),
  );
  process.stdout.write(`${(from + together) * 2}\n`);
}
