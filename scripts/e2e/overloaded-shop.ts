// A shop of small capacity over slow databases, in a process of its own: a little load is too much for it. Its
// parent is told where it is, and answered its memory whenever it sends a message.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openEmbeddedDocuments } from '@shop/shared/documents/embedded/open-embedded-documents';
import { interceptDocuments } from '@shop/shared/documents/intercept-documents';
import { startInProcessShop } from './in-process-shop.ts';

/** What each operation of a database takes: the work of a request takes time, but little of the processor's. */
const databaseMs = 400;

const folder = process.argv[2]!;
const shop = await startInProcessShop({
  openDocuments: (name) =>
    interceptDocuments(openEmbeddedDocuments({ file: join(folder, `${name}.sqlite`) }), async (_, run) => {
      await sleep(databaseMs);
      return run();
    }),
  eventsFile: join(folder, 'events.sqlite'),
  maxRequests: { router: 4, subgraph: 3 },
  maxWaiters: 1,
});
process.on('message', () => process.send!(process.memoryUsage()));
process.on('disconnect', () => process.exit());
process.send!({
  url: shop.url,
  apiSecret: shop.apiSecret,
  subgraphs: Object.values(shop.subgraphs).map(({ url }) => url),
});
