import { countCalls } from '@shop/shared/documents/count-calls';
import type { Documents } from '@shop/shared/documents/port';
import { shopError } from '@shop/shared/graphql/errors';
import { createAuthenticate } from '@shop/shared/identity/authenticate';
import { silentLog } from '@shop/shared/process/log';
import type { Subgraph } from '@shop/shared/process/subgraph';
import { type Adapter, adapters } from '../../shared/test/documents-adapters.ts';
import { createSubgraph } from '../src/subgraph.ts';

const apiSecret = 'a-secret-for-tests';

/** The stores to run a whole suite on: in memory always, a real server where the environment names one. */
export const stores: Adapter[] = adapters.filter(({ name }) => name !== 'embedded on a file');

/** A token is its user's id here; `expired` is refused. */
const authenticate = createAuthenticate({
  apiSecret,
  verifyToken: async (token) => {
    if (token === 'expired')
      throw shopError('UNAUTHENTICATED', 'The access token has expired: log in again.');
    return { userId: token, expiresAtMs: Number.POSITIVE_INFINITY };
  },
});

/** A running subgraph over a store of its own. */
export interface ImagesUnderTest extends Subgraph {
  documents: Documents;
  counted: ReturnType<typeof countCalls>;
  /** Closes it and removes its data. */
  remove(): Promise<void>;
}

export async function openImages(store: Adapter): Promise<ImagesUnderTest> {
  const { documents, remove } = await store.open();
  const counted = countCalls(documents);
  const images = await createSubgraph({
    documents: counted.documents,
    authenticate,
    host: '127.0.0.1',
    port: 0,
    log: silentLog,
  });
  const removeAll = async () => {
    await images.close();
    await remove();
  };
  return { ...images, documents, counted, remove: removeAll };
}

export type Fields = { [name: string]: unknown };

export interface Answer {
  data?: Record<string, unknown> | null;
  errors?: { message: string; extensions: { code: string; fields?: { path: string; message: string }[] } }[];
}

export interface Caller {
  user?: string;
  apiKey?: string;
}

export const admin: Caller = { apiKey: apiSecret };

/** Sends one operation over HTTP. */
export async function ask(
  { url }: Subgraph,
  query: string,
  variables: Fields = {},
  { user, apiKey }: Caller = {},
): Promise<Answer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(user && { authorization: `Bearer ${user}` }),
      ...(apiKey && { 'x-api-key': apiKey }),
    },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as Answer;
}

/** What a field was answered with; fails if there are errors. */
export function dataOf(answer: Answer, field: string): unknown {
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data?.[field];
}

export function codeOf({ errors }: Answer): string | undefined {
  return errors?.[0]?.extensions.code;
}

/** The paths of the fields that BAD_USER_INPUT names. */
export function badFieldsOf({ errors }: Answer): string[] | undefined {
  return errors?.[0]?.extensions.fields?.map(({ path }) => path);
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
