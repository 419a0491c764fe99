import type { Cache } from '@shop/shared/cache/port';
import { interceptDocuments } from '@shop/shared/documents/intercept-documents';
import type { BulkWrite, Doc, Documents } from '@shop/shared/documents/port';
import type { Events, OnBatch, SubscribeOptions } from '@shop/shared/events/port';
import { bulkWriteInParts } from '../../../subgraphs/shared/test/bulk-write-in-parts.ts';
import type { Point } from './point.ts';
import { ordersOf, type PartWithPoints, type Reached, stepOf } from './steps.ts';

type DocumentsReached = Extract<Reached, { port: 'documents' }>;

const noOrders = () => [];

/** The same documents, with a point around every step; within a bulkWrite that is one, another in its middle. */
export function documentsWithPoints(part: PartWithPoints, documents: Documents, point: Point): Documents {
  return interceptDocuments(documents, async (operation, run) => {
    const reached: DocumentsReached = { port: 'documents', ...operation };
    const step = stepOf(part, reached);
    if (step === undefined) return run();
    const orderIds = () => ordersOf(reached);
    await point.pass(step, 'before', orderIds);
    const [writes, options] = operation.args as [BulkWrite<Doc>[], { ordered?: boolean } | undefined];
    let result: unknown;
    if (operation.method !== 'bulkWrite' || writes.length < 2) result = await run();
    else {
      const middle = middleOf(writes, reached, point.middleOf(step));
      const halves = [writes.slice(0, middle), writes.slice(middle)];
      const collection = documents.collection(operation.collection);
      const between = async (index: number) => {
        if (index > 0) await point.pass(step, 'between', orderIds);
      };
      result = await bulkWriteInParts(collection, halves, options, between);
    }
    await point.pass(step, 'after', orderIds);
    return result;
  });
}

function middleOf(writes: BulkWrite<Doc>[], reached: DocumentsReached, orderIds: string[]): number {
  const first = writes.findIndex((write) =>
    ordersOf({ ...reached, args: [[write]] }).some((id) => orderIds.includes(id)),
  );
  return first >= 0 && first < writes.length - 1 ? first + 1 : Math.ceil(writes.length / 2);
}

/** The same events, with points around what is published and committed. */
export function eventsWithPoints(part: PartWithPoints, events: Events, point: Point): Events {
  return {
    createTopics: (topics) => events.createTopics(topics),
    readAll: (topics) => events.readAll(topics),
    logId: () => events.logId(),
    ping: () => events.ping(),
    close: () => events.close(),
    async publish(topic, records) {
      const step = stepOf(part, { port: 'publish', topic });
      if (step) await point.pass(step, 'before', noOrders);
      await events.publish(topic, records);
      if (step) await point.pass(step, 'after', noOrders);
    },
    subscribe: (options, onBatch) => events.subscribe(options, aroundCommits(part, options, onBatch, point)),
  };
}

// The port commits when a handler has resolved, and delivers the next batch of a partition only then: so a commit is
// done when the next batch comes.
function aroundCommits(
  part: PartWithPoints,
  { group }: SubscribeOptions,
  onBatch: OnBatch,
  point: Point,
): OnBatch {
  const step = typeof group === 'string' && stepOf(part, { port: 'commit', group });
  if (!step) return onBatch;
  const committed = new Set<number>();
  return async (batch) => {
    if (committed.delete(batch.partition)) await point.pass(step, 'after', noOrders);
    await onBatch(batch);
    await point.pass(step, 'before', noOrders);
    committed.add(batch.partition);
  };
}

/** The same cache, with points around invalidations. */
export function cacheWithPoints(part: PartWithPoints, cache: Cache, point: Point): Cache {
  const step = stepOf(part, { port: 'invalidate' });
  const passing = async (invalidate: () => Promise<void>) => {
    if (step) await point.pass(step, 'before', noOrders);
    await invalidate();
    if (step) await point.pass(step, 'after', noOrders);
  };
  return {
    get: (scope, key) => cache.get(scope, key),
    set: (scope, key, token, entry) => cache.set(scope, key, token, entry),
    isHealthy: () => cache.isHealthy(),
    close: () => cache.close(),
    invalidate: (scopes) => passing(() => cache.invalidate(scopes)),
    invalidateParts: (scope, parts) => passing(() => cache.invalidateParts(scope, parts)),
  };
}
