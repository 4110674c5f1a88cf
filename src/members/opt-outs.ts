import type { Clock } from '../platform/clock.ts';
import type { Store } from '../platform/store/port.ts';
import type { MembersQueries } from './members.queries.ts';
import { optOuts } from './members.model.ts';
import type { Members } from './members.port.ts';
import { unboundKey } from './persons.ts';

/** 退订 and 订阅. What somebody said before being bound holds for the member as well. */
export function createOptOuts(
  store: Store,
  clock: Clock,
  queries: MembersQueries,
): Pick<Members, 'stopped' | 'stop' | 'resume'> {
  const rows = store.collection(optOuts);
  /** The keys under which this person may have spoken, the one in use now first. */
  const keysOf = async (person: string): Promise<string[]> => {
    const member = await queries.memberOf(person);
    if (member === null) return [person];
    const identities = await queries.identitiesOf(member._id, 'superseded too');
    return [member._id, ...identities.map(({ contact }) => unboundKey(contact))];
  };
  return {
    async stopped(person) {
      const found = await Promise.all((await keysOf(person)).map((key) => rows.get(key)));
      return found.some((row) => row !== null);
    },
    async stop(person, from) {
      const [key = person] = await keysOf(person);
      await rows.upsert(key, { $setOnInsert: { since: clock.now(), from } });
    },
    async resume(person) {
      for (const key of await keysOf(person)) await rows.remove({ _id: key });
    },
  };
}
