import { normaliseDigits, parseCount } from '../shared/numerals.ts';

const numerals = '零〇一二两三四五六七八九十百';

/** Numbers before 组, 社, 队 … become digits and small words fall away, so that 第三村民小组, 3组 and 三组 are one. */
function plain(text: string): string {
  return normaliseDigits(text.normalize('NFKC'))
    .replace(/\s+/g, '')
    .replace(new RegExp(`[${numerals}]+`, 'g'), (said) => String(parseCount(said) ?? said))
    .replace(/(\d)(?:村民小组|村民组|小组)/g, '$1组')
    .replace(/第(?=\d)/g, '');
}

/** 这一组, 每一组 name no grid. */
const pointing = /[这那哪每同某另]$/;

/**
 * The one of the names that the text names, or null: none or several. A name inside a longer one that is
 * named (清溪村 in 清溪村三组, 三组 in 十三组) doesn't count, nor does the village (`root`) beside a grid.
 */
export function namedIn(text: string, names: readonly string[], root: string | null): string | null {
  const said = plain(text);
  const found = new Set<string>();
  for (const name of names) {
    const key = plain(name);
    if (key === '') continue;
    for (let at = said.indexOf(key); at !== -1; at = said.indexOf(key, at + 1)) {
      const before = said.slice(0, at);
      const cut = /^\d/.test(key) && (/\d$/.test(before) || new RegExp(`[${numerals}]$`).test(before));
      if (cut || (/^\d/.test(key) && pointing.test(before))) continue;
      if (/\d$/.test(key) && /^\d/.test(said.slice(at + key.length))) continue;
      found.add(name);
    }
  }
  if (found.size > 1 && root !== null) found.delete(root);
  const outer = [...found].filter(
    (name) => ![...found].some((other) => other !== name && plain(other).includes(plain(name))),
  );
  return outer.length === 1 ? (outer[0] ?? null) : null;
}

/** 一组, 二组, 三组 …, 十组: by the number in the name, then by the name. */
export function byNumber(a: string, b: string): number {
  const [x, y] = [numberIn(a), numberIn(b)];
  return x - y || (a < b ? -1 : a > b ? 1 : 0);
}

function numberIn(name: string): number {
  return Number(/\d+/.exec(plain(name))?.[0] ?? Number.MAX_SAFE_INTEGER);
}
