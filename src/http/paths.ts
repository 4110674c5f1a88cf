import type { Route } from './route.ts';

/** What answers below a path, by method, and the parameters that the path holds. */
export interface Found<H> {
  readonly handlers: ReadonlyMap<string, H>;
  readonly params: Readonly<Record<string, string>>;
}

interface Node<H> {
  readonly children: Map<string, Node<H>>;
  /** Any segment, by its name; what is spelt out goes before it. */
  any: { readonly name: string; readonly node: Node<H> } | null;
  readonly handlers: Map<string, H>;
}

const empty = <H>(): Node<H> => ({ children: new Map(), any: null, handlers: new Map() });

const segmentsOf = (path: string): string[] => path.replace(/^\/|\/$/g, '').split('/');

/** The segment's text; null when it is no proper one. */
function textOf(segment: string): string | null {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}

function add<H>(root: Node<H>, path: string): Node<H> {
  let node = root;
  for (const segment of segmentsOf(path)) {
    const name = /^\{(\w+)\}$/.exec(segment)?.[1];
    if (name === undefined) {
      const next = node.children.get(segment) ?? empty<H>();
      node.children.set(segment, next);
      node = next;
      continue;
    }
    // Two names for one place would hide each other's parameter.
    if (node.any !== null && node.any.name !== name) throw new TypeError(`${path}: {${node.any.name}} stands there`);
    node.any ??= { name, node: empty<H>() };
    node = node.any.node;
  }
  return node;
}

function walk<H>(
  node: Node<H>,
  segments: readonly string[],
  at: number,
  params: Record<string, string>,
): Node<H> | null {
  const segment = segments[at];
  if (segment === undefined) return node.handlers.size > 0 ? node : null;
  const spelt = node.children.get(segment);
  const found = spelt === undefined ? null : walk(spelt, segments, at + 1, params);
  if (found !== null || node.any === null || segment === '') return found;
  const text = textOf(segment);
  const below = text === null ? null : walk(node.any.node, segments, at + 1, params);
  if (below !== null && text !== null) params[node.any.name] = text;
  return below;
}

/** Finds what stands at a path. HEAD is answered as GET is. Paths are as in OpenAPI: `/members/{member}`. */
export function createPaths<H>(
  routes: readonly Pick<Route, 'method' | 'path'>[],
  handlerOf: (index: number) => H,
): (path: string) => Found<H> | null {
  const root = empty<H>();
  for (const [index, { method, path }] of routes.entries()) {
    const { handlers } = add(root, path);
    const verb = method.toUpperCase();
    if (handlers.has(verb)) throw new TypeError(`${verb} ${path} is there twice`);
    if (verb === 'GET') handlers.set('HEAD', handlerOf(index));
    handlers.set(verb, handlerOf(index));
  }
  return (path) => {
    const params: Record<string, string> = {};
    const node = walk(root, segmentsOf(path), 0, params);
    return node === null ? null : { handlers: node.handlers, params };
  };
}
