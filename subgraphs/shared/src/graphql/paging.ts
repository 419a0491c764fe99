import { z } from 'zod';
import { badUserInput } from './errors.ts';
import { parseInput } from './parse-input.ts';

/** No list is longer than this, whatever the client asks for. */
export const maxPageSize = 250;

const pageSize = z
  .number()
  .int()
  .min(1, `must be at least 1`)
  .max(maxPageSize, `must be at most ${maxPageSize}`);

/** The argument `first`: 1..250, else BAD_USER_INPUT; `fallback` where the client sent null. */
export function parseFirst(first: number | null | undefined, fallback: number): number {
  return parseInput(pageSize, first ?? fallback, 'first');
}

const id = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be the _id of the last item of the page before');

/** The argument `after` of a list that is paged by _id: null for the first page; what can be no _id is BAD_USER_INPUT. */
export function parseAfter(after: string | null | undefined): string | null {
  return parseInput(id.nullable(), after ?? null, 'after');
}

/**
 * A keyset cursor: the sort key of the last item, opaque to clients. Keyset, never skip: a page costs the same
 * however deep it is, and an insert never shifts the next page.
 */
export function encodeCursor(key: (string | number)[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** The sort key inside a cursor of ours, as `shape` describes it; anything else is BAD_USER_INPUT. */
export function decodeCursor<Key>(cursor: string, shape: z.ZodType<Key>): Key {
  try {
    return shape.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch {
    throw badUserInput([{ path: 'after', message: 'is not a cursor of this list; use pageInfo.endCursor' }]);
  }
}

export interface Connection<Node> {
  edges: { cursor: string; node: Node }[];
  nodes: Node[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

/** A connection from up to `first + 1` items: the one too many only tells that there is a next page. */
export function toConnection<Node>(
  items: Node[],
  first: number,
  keyOf: (node: Node) => (string | number)[],
): Connection<Node> {
  const nodes = items.slice(0, first);
  const edges = nodes.map((node) => ({ cursor: encodeCursor(keyOf(node)), node }));
  return {
    edges,
    nodes,
    pageInfo: { hasNextPage: items.length > first, endCursor: edges.at(-1)?.cursor ?? null },
  };
}
