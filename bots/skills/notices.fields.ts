import type { GridQueries } from '../../src/grid/index.ts';
import type { Members } from '../../src/members/index.ts';
import type { AudienceInput } from '../../src/notices/index.ts';
import { may, roles, village, type Actor } from '../../src/shared/access.ts';

/** The 范围 line, understood; or the first word of it that wasn't. */
export type Range = { readonly audience: AudienceInput } | { readonly unknown: string };

interface Draft {
  readonly title: string;
  readonly text: string;
  readonly range: string;
  readonly when: string;
  readonly repeat: string;
}

/** Lines of a cadre's draft. What is no field of ours (地点: …) belongs to the text, in its place. */
export function readDraft(fields: Readonly<Record<string, string>>): Draft {
  const text: string[] = [];
  for (const [name, value] of Object.entries(fields)) {
    if (name === '内容') text.unshift(value);
    else if (!['标题', '范围', '时间', '重复'].includes(name)) text.push(`${name}:${value}`);
  }
  return {
    title: fields['标题'] ?? '',
    text: text.join('\n').trim(),
    range: fields['范围'] ?? '',
    when: fields['时间'] ?? '',
    repeat: fields['重复'] ?? '',
  };
}

/** A grid worker who names no range means the own grid; anyone else must say. */
export function homeRange(actor: Actor): string {
  const writing = actor.grants.filter((grant) => may({ ...actor, grants: [grant] }, 'notice.write', grant.scope));
  const scopes = new Set(writing.map(({ scope }) => scope));
  const [only] = scopes;
  return scopes.size === 1 && only !== undefined && only !== village ? only : '';
}

const everybody = /^(?:全村|全体|全体村民|所有群|各组|大家)$/;

/**
 * Reads 三组 四组, 全村, 三组 低保, 村民代表, H012, 张三: grids, roles, tags, households and exact names that
 * only one person bears. A word that is none of these, or several, is not guessed at.
 */
export async function readRange(
  text: string,
  { grid, members }: { grid: GridQueries; members: Members },
): Promise<Range> {
  const found = { grids: [] as string[], households: [] as string[], roles: [] as string[], tags: [] as string[] };
  const direct: string[] = [];
  let all = false;
  for (const word of text.split(/[\s,,、;;和+]+/u).filter((one) => one !== '')) {
    const place = await grid.named(word);
    const tag = word.replace(/^标签[::]?/u, '');
    if (everybody.test(word)) all = true;
    else if (place !== null && word.replace(/村民$|群$|的$/u, '').length <= place._id.length + 1)
      found.grids.push(place._id);
    else if ((roles as readonly string[]).includes(word)) found.roles.push(word);
    else if ((await members.household(word.toUpperCase())).length > 0) found.households.push(word.toUpperCase());
    else if ((await members.withTag(tag)).length > 0) found.tags.push(tag);
    else {
      const [only, ...others] = await members.named(word);
      if (only === undefined || others.length > 0) return { unknown: word };
      direct.push(only._id);
    }
  }
  const narrowed = found.households.length + found.roles.length + found.tags.length > 0;
  if (all && !narrowed) {
    const villagers = (await grid.rooms()).filter((room) => !room.management);
    return { audience: { rooms: villagers.map((room) => room._id), direct } };
  }
  return { audience: { ...found, ...(all ? { grids: [] } : {}), direct } };
}
