/** 1,3,5-8 → 1 3 5 6 7 8; null when something else stands there. */
export function readNumbers(text: string): number[] | null {
  const found = new Set<number>();
  for (const part of text.split(/[\s,,、;;]+/u).filter((one) => one !== '')) {
    const [, from, to] = /^(\d{1,4})(?:\s*[-–—~到至]\s*(\d{1,4}))?$/u.exec(part) ?? [];
    const first = Number(from);
    const last = to === undefined ? first : Number(to);
    if (from === undefined || first < 1 || last < first || last - first > 500) return null;
    for (let n = first; n <= last; n++) found.add(n);
  }
  return found.size === 0 ? null : [...found].toSorted((a, b) => a - b);
}
