/** Looks up the number of what a message made; null while it has made nothing. */
export type NumberOf = (kind: 'FK' | 'YS', message: string) => Promise<string | null>;

/**
 * Puts the numbers in: `{{FK:m0019}}` stands for the ticket that message m0019 made, `{{YS:m0163}}` for the
 * proposal. One that made nothing becomes 0, which is nobody's number.
 */
export async function fillPlaceholders(text: string, numberOf: NumberOf): Promise<string> {
  let filled = '';
  let last = 0;
  for (const found of text.matchAll(/\{\{(FK|YS):([^{}]+)\}\}/g)) {
    const [whole, kind, message = ''] = found;
    filled += text.slice(last, found.index) + ((await numberOf(kind === 'YS' ? 'YS' : 'FK', message)) ?? '0');
    last = found.index + whole.length;
  }
  return filled + text.slice(last);
}
