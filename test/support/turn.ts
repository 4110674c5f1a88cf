import type { Turn } from '../../bots/skills/skill.ts';

/** A direct message of somebody unbound; whoever is bound has a member id as person. */
export function buildTurn(part: Partial<Turn> = {}): Turn {
  const person = part.person ?? 'wx:c1';
  const member = person.startsWith('wx:') ? null : person;
  return {
    message: 'sim:1',
    at: new Date('2026-03-18T01:30:00Z'),
    person,
    contact: 'c1',
    member,
    name: '村民',
    actor: { member, household: null, grants: [] },
    room: null,
    management: false,
    grid: null,
    mention: false,
    text: '',
    images: [],
    shown: {},
    ...part,
  };
}
