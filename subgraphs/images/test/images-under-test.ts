import { silentLog } from '@shop/shared/process/log';
import type { Subgraph } from '@shop/shared/process/subgraph';
import { type Answer, admin, ask, authenticate, dataOf, type Fields } from '../../shared/test/ask.ts';
import type { Adapter } from '../../shared/test/documents-adapters.ts';
import { openOverStore, type SubgraphUnderTest } from '../../shared/test/open-over-store.ts';
import { createSubgraph } from '../src/subgraph.ts';

/** Starts the subgraph over a store of its own. */
export function openImages(store: Adapter): Promise<SubgraphUnderTest> {
  return openOverStore(store, (documents) =>
    createSubgraph({
      documents,
      authenticate,
      verifyRouter: 'off',
      host: '127.0.0.1',
      port: 0,
      log: silentLog,
    }),
  );
}

/** An image as the operations here select it. */
export interface ImageView {
  _id: string;
  url: string;
  priority: number;
  productId: string;
}

const imageFields = '_id url priority productId';

export function tryToCreate(images: Subgraph, input: Fields, caller = admin): Promise<Answer> {
  const query = `mutation ($input: CreateImageInput!) { createImage(input: $input) { ${imageFields} } }`;
  return ask(images, query, { input }, caller);
}

/** Creates an image that must be accepted. */
export async function create(images: Subgraph, productId: string, url: string, priority?: number) {
  const input = { productId, url, ...(priority !== undefined && { priority }) };
  return dataOf(await tryToCreate(images, input), 'createImage') as ImageView;
}

export function tryToUpdate(images: Subgraph, id: string, input: Fields, caller = admin): Promise<Answer> {
  const query = `mutation ($id: ID!, $input: UpdateImageInput!) {
    updateImage(id: $id, input: $input) { ${imageFields} }
  }`;
  return ask(images, query, { id, input }, caller);
}

export function tryToDelete(images: Subgraph, id: string, caller = admin): Promise<Answer> {
  return ask(images, `mutation ($id: ID!) { deleteImage(id: $id) { ${imageFields} } }`, { id }, caller);
}

export async function read(images: Subgraph, id: string): Promise<ImageView | null> {
  const query = `query ($id: ID!) { image(id: $id) { ${imageFields} } }`;
  return dataOf(await ask(images, query, { id }), 'image') as ImageView | null;
}

/** The images of these products, as the router asks for them. */
export async function imagesOf(
  images: Subgraph,
  productIds: string[],
  args = '',
): Promise<(ImageView[] | null)[]> {
  const query = `query ($of: [_Any!]!) {
    _entities(representations: $of) { ... on Product { images${args} { ${imageFields} } } }
  }`;
  const of = productIds.map((_id) => ({ __typename: 'Product', _id }));
  const entities = dataOf(await ask(images, query, { of }), '_entities');
  return (entities as { images: ImageView[] | null }[]).map((product) => product.images);
}
