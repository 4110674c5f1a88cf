import type { Model } from 'mongoose';
import { AppError } from '../../shared/errors.ts';
import { never, type StoredDoc } from './mongo-models.ts';
import type { PendingEvent, Store } from './port.ts';
import { dueOf, parkedIn, type Waiting } from './rows.ts';

const tries = 100;

/** An event written twice waits twice in the document; it is one all the same. */
export function distinct(waiting: readonly Waiting[]): Waiting[] {
  const seen = new Set<string>();
  return waiting.filter(({ event }) => seen.size !== seen.add(event.id).size);
}

/** The events that wait in the documents of all collections. */
export function createMongoEvents(models: ReadonlyMap<string, Model<StoredDoc>>): Omit<Store['events'], 'onEmit'> {
  const pendingOf = (collection: string, document: string, held: Waiting): PendingEvent => ({
    collection,
    document,
    event: held.event,
    attempts: held.attempts,
    handled: held.handled,
  });
  const alter = async (pending: PendingEvent, change: (held: Waiting) => Waiting[]): Promise<void> => {
    const model = models.get(pending.collection);
    if (model === undefined) return;
    for (let n = 0; n < tries; n++) {
      const doc = await model.findOne({ _id: pending.document }).lean<StoredDoc>();
      if (doc === null || !doc.emits.some(({ event }) => event.id === pending.event.id)) return;
      const emits = distinct(doc.emits).flatMap((held) => (held.event.id === pending.event.id ? change(held) : [held]));
      const { modifiedCount } = await model.updateOne(
        { _id: doc._id, emitSeq: doc.emitSeq },
        { $set: { emits, emitDue: dueOf(emits) ?? never, emitParked: parkedIn(emits) }, $inc: { emitSeq: 1 } },
      );
      if (modifiedCount === 1) return;
    }
    throw new AppError('store.busy', 503, { collection: pending.collection });
  };
  const inAll = async <R>(work: (name: string, model: Model<StoredDoc>) => Promise<R[]>): Promise<R[]> =>
    (await Promise.all([...models].map(([name, model]) => work(name, model)))).flat();

  return {
    async due(now, limit) {
      const found = await inAll(async (name, model) => {
        const docs = await model
          .find({ emitDue: { $lte: now } })
          .sort({ emitDue: 1, _id: 1 })
          .limit(limit)
          .lean<StoredDoc[]>();
        return docs.flatMap((doc) =>
          distinct(doc.emits).flatMap((held) =>
            held.due === null || held.due > now
              ? []
              : [{ due: held.due.getTime(), pending: pendingOf(name, doc._id, held) }],
          ),
        );
      });
      found.sort((a, b) => a.due - b.due);
      return found.slice(0, limit).map(({ pending }) => pending);
    },
    async nextDue() {
      const times = await inAll(async (_, model) => {
        const docs = await model
          .find({ emitDue: { $lt: never } }, { emitDue: 1 })
          .sort({ emitDue: 1 })
          .limit(1)
          .lean<StoredDoc[]>();
        return docs.map(({ emitDue }) => emitDue.getTime());
      });
      return times.length === 0 ? null : new Date(Math.min(...times));
    },
    done: (pending) => alter(pending, () => []),
    retry: (pending, due, error, handled = pending.handled) =>
      alter(pending, (held) => [{ ...held, due, error, handled, attempts: held.attempts + 1 }]),
    async parked(limit) {
      const found = await inAll(async (name, model) => {
        const docs = await model.find({ emitParked: true }).limit(limit).lean<StoredDoc[]>();
        return docs.flatMap((doc) =>
          distinct(doc.emits)
            .filter(({ due }) => due === null)
            .map((held) => ({ ...pendingOf(name, doc._id, held), error: held.error })),
        );
      });
      return found.slice(0, limit);
    },
  };
}
