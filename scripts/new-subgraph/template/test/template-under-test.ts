import { silentLog } from '@shop/shared/process/log';
import type { Subgraph } from '@shop/shared/process/subgraph';
import {
  type Answer,
  admin,
  ask,
  authenticate,
  dataOf,
  type Fields,
} from '../../../../subgraphs/shared/test/ask.ts';
import type { Adapter } from '../../../../subgraphs/shared/test/documents-adapters.ts';
import { openOverStore, type SubgraphUnderTest } from '../../../../subgraphs/shared/test/open-over-store.ts';
import { createSubgraph } from '../src/subgraph.ts';

/** Starts the subgraph over a store of its own. */
export function openTemplate(store: Adapter): Promise<SubgraphUnderTest> {
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

/** What the operations here select. */
export interface SampleView {
  _id: string;
  productId: string;
  text: string;
  createdAt: string;
}

const sampleFields = '_id productId text createdAt';

export function tryToCreate(subgraph: Subgraph, input: Fields, caller = admin): Promise<Answer> {
  const query = `mutation ($input: CreateSampleInput!) { createSample(input: $input) { ${sampleFields} } }`;
  return ask(subgraph, query, { input }, caller);
}

/** Creates one that must be accepted. */
export async function create(subgraph: Subgraph, productId: string, text: string): Promise<SampleView> {
  return dataOf(await tryToCreate(subgraph, { productId, text }), 'createSample') as SampleView;
}

export function tryToDelete(subgraph: Subgraph, id: string, caller = admin): Promise<Answer> {
  return ask(subgraph, `mutation ($id: ID!) { deleteSample(id: $id) { ${sampleFields} } }`, { id }, caller);
}

export async function read(subgraph: Subgraph, id: string): Promise<SampleView | null> {
  const query = `query ($id: ID!) { sample(id: $id) { ${sampleFields} } }`;
  return dataOf(await ask(subgraph, query, { id }), 'sample') as SampleView | null;
}

/** What entities answer, as the router asks for them. */
export async function entities(subgraph: Subgraph, of: Fields[], selection: string): Promise<unknown> {
  const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ${selection} } }`;
  return dataOf(await ask(subgraph, query, { of }), '_entities');
}
