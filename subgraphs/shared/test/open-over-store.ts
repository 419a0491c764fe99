import { countCalls } from '../src/documents/count-calls.ts';
import type { Documents } from '../src/documents/port.ts';
import type { Subgraph } from '../src/process/subgraph.ts';
import { type Adapter, adapters } from './documents-adapters.ts';

/** The stores to run a whole suite on: in memory always, a real server where the environment names one. */
export const stores: Adapter[] = adapters.filter(({ name }) => name !== 'embedded on a file');

/** A running subgraph over a store of its own, whose calls are counted. */
export interface SubgraphUnderTest extends Subgraph {
  documents: Documents;
  counted: ReturnType<typeof countCalls>;
  /** Closes it and removes its data. */
  remove(): Promise<void>;
}

export async function openOverStore(
  store: Adapter,
  start: (documents: Documents) => Promise<Subgraph>,
): Promise<SubgraphUnderTest> {
  const opened = await store.open();
  const counted = countCalls(opened.documents);
  const subgraph = await start(counted.documents);
  const remove = async () => {
    await subgraph.close();
    await opened.remove();
  };
  return { ...subgraph, documents: opened.documents, counted, remove };
}
