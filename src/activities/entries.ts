/** An entry of `claims`: who, which attempt, how many seats. */
export function entryOf(person: string, seq: number, people: number): string {
  return `${person}#${seq}#${people}`;
}

export function partsOf(entry: string): { person: string; seq: number; people: number } {
  const last = entry.lastIndexOf('#');
  const first = entry.lastIndexOf('#', last - 1);
  return {
    person: entry.slice(0, first),
    seq: Number(entry.slice(first + 1, last)),
    people: Number(entry.slice(last + 1)),
  };
}

export const peopleOf = (entry: string): number => partsOf(entry).people;
export const sumOf = (entries: readonly string[]): number => entries.reduce((sum, entry) => sum + peopleOf(entry), 0);
