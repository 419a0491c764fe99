import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { silentLog } from '../process/log.ts';
import { UnavailableError } from '../unavailable.ts';
import { joinTopics } from './join-topics.ts';
import type { Events, Subscription, TopicDeclaration } from './port.ts';

const topics: TopicDeclaration[] = [{ topic: 'orders.v1', partitions: 2 }];

/** Events whose topics can be created when `isUp` says so; everything else is a test that went wrong. */
function eventsThat(isUp: () => boolean, created: TopicDeclaration[][] = []): Events {
  const wrong = () => Promise.reject(new Error('not asked for'));
  const createTopics = async (declared: TopicDeclaration[]) => {
    if (!isUp()) throw new UnavailableError('no broker');
    created.push(declared);
  };
  return {
    createTopics,
    publish: wrong,
    subscribe: wrong,
    readAll: () => {
      throw new Error('not asked for');
    },
    logId: wrong,
    ping: wrong,
    close: wrong,
  };
}

/** A subscription that is ready when the test says so, and knows whether it was stopped. */
function subscription() {
  const state = { isReady: true, stops: 0 };
  const handle: Subscription = {
    isReady: () => state.isReady,
    stop: async () => void state.stops++,
  };
  return { state, handle };
}

async function until(condition: () => boolean): Promise<void> {
  const giveUpAtMs = performance.now() + 20_000;
  while (!condition()) {
    if (performance.now() > giveUpAtMs) throw new Error('it did not happen within 20 s');
    await sleep(2);
  }
}

test('creates the topics, subscribes in order, is ready when all are, and stops them all', async () => {
  const created: TopicDeclaration[][] = [];
  const order: string[] = [];
  const [one, two] = [subscription(), subscription()];
  two.state.isReady = false;
  const joined = joinTopics({
    events: eventsThat(() => true, created),
    log: silentLog,
    topics,
    subscribe: [
      async () => {
        order.push('one');
        return one.handle;
      },
      async () => {
        order.push('two');
        return two.handle;
      },
    ],
  });
  expect(joined.isReady()).toBe(false);
  await until(() => order.length === 2);
  await sleep(5);
  expect(created).toEqual([topics]);
  expect(order).toEqual(['one', 'two']);
  expect(joined.isReady()).toBe(false);
  two.state.isReady = true;
  expect(joined.isReady()).toBe(true);
  await joined.stop();
  expect([one.state.stops, two.state.stops]).toEqual([1, 1]);
});

test('tries again while the brokers are away, and only what has failed', async () => {
  let failures = 0;
  const [one, two] = [subscription(), subscription()];
  let firsts = 0;
  const joined = joinTopics({
    events: eventsThat(() => failures++ > 0),
    log: silentLog,
    topics,
    subscribe: [
      async () => {
        firsts++;
        return one.handle;
      },
      async () => {
        if (failures++ < 3) throw new UnavailableError('no broker');
        return two.handle;
      },
    ],
  });
  await until(() => joined.isReady());
  expect(firsts).toBe(1);
  await joined.stop();
});

test('stop gives up joining without waiting for the brokers', async () => {
  let attempts = 0;
  const isUp = () => {
    attempts++;
    return false;
  };
  const { handle, state } = subscription();
  const joined = joinTopics({
    events: eventsThat(isUp),
    log: silentLog,
    topics,
    subscribe: [async () => handle],
  });
  await until(() => attempts > 0);
  await joined.stop();
  const atStop = attempts;
  await sleep(400);
  expect(attempts).toBe(atStop);
  expect(joined.isReady()).toBe(false);
  expect(state.stops).toBe(0);
});

test('a subscription that comes while stop is called is stopped as well', async () => {
  const late = Promise.withResolvers<Subscription>();
  const { handle, state } = subscription();
  let isAsked = false;
  const joined = joinTopics({
    events: eventsThat(() => true),
    log: silentLog,
    topics,
    subscribe: [
      () => {
        isAsked = true;
        return late.promise;
      },
    ],
  });
  await until(() => isAsked);
  const stopped = joined.stop();
  late.resolve(handle);
  await stopped;
  expect(state.stops).toBe(1);
});
