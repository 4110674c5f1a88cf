import type { Clock } from '../platform/clock.ts';
import type { Store } from '../platform/store/port.ts';
import { demand, village, type Actor } from '../shared/access.ts';
import { localDate } from '../shared/calendar/index.ts';
import { AppError } from '../shared/errors.ts';
import { foldText } from '../shared/text.ts';
import { cardFields, policies, policyAnswers, type PolicyCard } from './policies.model.ts';

export interface Policies {
  /** Cards in force today, by category and title. */
  current(): Promise<PolicyCard[]>;
  get(card: string): Promise<PolicyCard | null>;
  /**
   * Cards in force whose title, category or audience bears the words; nothing is guessed from meaning.
   * A title that is the very words stands alone.
   */
  matching(words: string): Promise<PolicyCard[]>;
  /** Remembers which card answered the message, null for none. */
  answered(from: string, card: string | null): Promise<void>;
  answers(): Promise<ReadonlyMap<string, string | null>>;
  /**
   * All or nothing: `policies.bad-card` (400) names the first bad card by its position and field.
   * An unchanged card keeps its version. Returns how many were new or changed.
   */
  importCards(actor: Actor, cards: unknown, options: { sample: boolean }): Promise<number>;
}

export function createPolicies(deps: { store: Store; clock: Clock }): Policies {
  const cards = deps.store.collection(policies);
  const answers = deps.store.collection(policyAnswers);

  async function current(): Promise<PolicyCard[]> {
    const today = localDate(deps.clock.now());
    const all = await cards.find({ category: { $gte: '' } }, { sort: { category: 1, title: 1 } });
    return all.filter(({ validFrom, validTo }) => validFrom <= today && (validTo === null || today <= validTo));
  }

  return {
    current,
    get: (card) => cards.get(card),
    async matching(words) {
      const sought = foldText(words);
      if (sought === '') return [];
      const inForce = await current();
      const named = inForce.filter(({ title }) => foldText(title) === sought);
      if (named.length > 0) return named;
      return inForce.filter(({ title, category, audience }) =>
        [title, category, ...audience].some((text) => foldText(text).includes(sought)),
      );
    },
    async answered(from, card) {
      await answers.upsert(from, { $set: { card, at: deps.clock.now() } });
    },
    async answers() {
      const rows = new Map<string, string | null>();
      for await (const row of answers.stream({})) rows.set(row._id, row.card);
      return rows;
    },
    async importCards(actor, input, { sample }) {
      demand(actor, 'notice.write', village);
      if (!Array.isArray(input)) throw new AppError('policies.bad-card', 400, { position: 0, field: '' });
      const rows = input.map((entry, index) => {
        const parsed = cardFields.safeParse(entry);
        if (parsed.success) return parsed.data;
        const field = parsed.error.issues[0]?.path.join('.') ?? '';
        throw new AppError('policies.bad-card', 400, { position: index + 1, field });
      });
      let changed = 0;
      for (const { id, ...fields } of rows) {
        const known = await cards.get(id);
        const same =
          known !== null && JSON.stringify(cardFields.omit({ id: true }).parse(known)) === JSON.stringify(fields);
        if (same && known.sample === sample) continue;
        await cards.upsert(id, {
          $set: { ...fields, sample, updatedAt: deps.clock.now(), version: (known?.version ?? 0) + 1 },
        });
        changed++;
      }
      return changed;
    },
  };
}
