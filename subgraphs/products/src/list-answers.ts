import type { AnswerWhole, WholeOperation } from '@shop/shared/graphql/whole-answers';
import type { Context } from './context.ts';
import type { ProductCache } from './product-cache.ts';

/** The fields that are the same for every caller and change only with what invalidates the list. */
const plainFields = new Set([
  '__typename',
  '_id',
  'name',
  'description',
  'price',
  'quantity',
  'status',
  'createdAt',
  'updatedAt',
]);

type Document = WholeOperation<Context>['document'];

/** Longer ones are not worth a place in the cache. */
const maxVariablesLength = 1_000;

class NotWhole extends Error {}

/**
 * Answers operations that ask for nothing but lists of products from what they were answered before, in the scope of
 * the list: running one again, field by field, costs several times what the look-up does. Answers with errors are
 * nobody else's.
 */
export function createListAnswers(cache: Pick<ProductCache, 'readAnswer'>): AnswerWhole<Context> {
  const known = new WeakMap<Document, boolean>();

  function isPlainList(document: Document): boolean {
    const isPlain = known.get(document) ?? asksForPlainLists(document);
    known.set(document, isPlain);
    return isPlain;
  }

  return async ({ document, hash, variables, context }, run) => {
    if (!isPlainList(document)) return null;
    const given = JSON.stringify(variables);
    if (given.length > maxVariablesLength) return null;
    const load = async () => {
      const { data, errors } = await run();
      if (errors || !data) throw new NotWhole();
      return { data, productIds: [...context.listed] };
    };
    try {
      return { data: await cache.readAnswer(`${hash}:${given}`, load) };
    } catch (error) {
      if (error instanceof NotWhole) return null;
      throw error;
    }
  };
}

/** One query, of `products` alone and plain fields of them, without fragments or directives. */
function asksForPlainLists({ definitions: [query, ...others] }: Document): boolean {
  if (query?.kind !== 'OperationDefinition' || query.operation !== 'query' || others.length > 0) return false;
  if (query.directives?.length) return false;
  return query.selectionSet.selections.every(
    (root) =>
      root.kind === 'Field' &&
      root.name.value === 'products' &&
      !root.directives?.length &&
      root.selectionSet?.selections.every(
        (field) => field.kind === 'Field' && plainFields.has(field.name.value) && !field.directives?.length,
      ) === true,
  );
}
