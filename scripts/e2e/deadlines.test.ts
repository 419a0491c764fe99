import { readAgainWithinMs } from '@shop/orders/accept-order';
import { defaultMaxWaiters } from '@shop/orders/order-waiters';
import { maxWaitMs } from '@shop/orders/place-order';
import { answerAheadMs, defaultRequestDeadlineMs } from '@shop/router/router';
import { defaultSubgraphDeadlineMs } from '@shop/router/serve-graphs';
import { connectTimeoutMs, maxCallsPerProcess } from '@shop/router/subgraph-client';
import { answerWithinMs as cacheWithinMs } from '@shop/shared/cache/redis-cache';
import { OPERATION_DEADLINE_MS } from '@shop/shared/documents/mongo/attempt';
import { GIVE_UP_MS } from '@shop/shared/documents/mongo/shared-client';
import { publishWithinMs } from '@shop/shared/events/kafka/kafka-publisher';
import { sendWithinMs } from '@shop/shared/events/kafka/kafka-sender';
import { defaultMaxRequests, maxSilenceMs, receiveWithinMs } from '@shop/shared/graphql/http-listener';
import { requestDeadlineMs } from '@shop/shared/graphql/subgraph-server';
import { keysWithinMs } from '@shop/shared/identity/published-keys';
import { describe, expect, test } from 'vitest';

/** Each with what it waits for, the caller first. */
const chains: Record<string, number[]> = {
  'a connection, its operation, the calls of it, a call, what the subgraph does for it': [
    maxSilenceMs,
    defaultRequestDeadlineMs,
    defaultRequestDeadlineMs - answerAheadMs,
    defaultSubgraphDeadlineMs,
    requestDeadlineMs,
  ],
  'a call of a subgraph, its connection': [defaultSubgraphDeadlineMs, connectTimeoutMs],
  'a request, its keys, the order it places, the wait for it and the read after that': [
    requestDeadlineMs,
    maxWaitMs + readAgainWithinMs,
  ],
  'a request, its keys and a connection and an operation of its database': [
    requestDeadlineMs,
    keysWithinMs + 2 * OPERATION_DEADLINE_MS,
  ],
  'an operation, what the driver waits for': [OPERATION_DEADLINE_MS, GIVE_UP_MS],
  'a request, its cache and an operation': [
    requestDeadlineMs,
    OPERATION_DEADLINE_MS + 2 * cacheWithinMs,
    cacheWithinMs,
  ],
  'publishing, a send': [publishWithinMs, sendWithinMs],
  'a request, the arrival of its body': [requestDeadlineMs, receiveWithinMs],
};

describe('every deadline is shorter than its caller’s', () => {
  test.each(Object.entries(chains))('%s', (_, deadlines) => {
    expect(deadlines).toEqual(deadlines.toSorted((a, b) => b - a));
    expect(new Set(deadlines).size).toBe(deadlines.length);
  });
});

test('neither those who wait nor one process that hangs take all places of a router', () => {
  const places = [defaultMaxRequests, maxCallsPerProcess, defaultMaxWaiters];
  expect(places).toEqual(places.toSorted((a, b) => b - a));
  expect(new Set(places).size).toBe(places.length);
});
