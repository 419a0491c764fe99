import { afterAll, beforeAll, describe } from 'vitest';
import {
  adapters,
  type Fresh,
  freshCollection,
  type OpenedDocuments,
} from '../../test/documents-adapters.ts';
import { bulkWriteContract } from './contract/bulk-write-contract.ts';
import { filtersContract } from './contract/filters-contract.ts';
import { indexesContract } from './contract/indexes-contract.ts';
import { queriesContract } from './contract/queries-contract.ts';
import { racesContract } from './contract/races-contract.ts';
import { storageContract } from './contract/storage-contract.ts';
import { updatesContract } from './contract/updates-contract.ts';
import { upsertsContract } from './contract/upserts-contract.ts';

// What port.ts promises, held by every adapter alike.
describe.each(adapters)('documents: $name', (adapter) => {
  let opened: OpenedDocuments;
  beforeAll(async () => {
    opened = await adapter.open();
  });
  afterAll(() => opened.remove());
  const fresh: Fresh = () => freshCollection(opened.documents);

  storageContract(fresh, () => opened.documents);
  filtersContract(fresh);
  queriesContract(fresh);
  updatesContract(fresh);
  upsertsContract(fresh);
  bulkWriteContract(fresh);
  indexesContract(fresh);
  racesContract(fresh);
});
