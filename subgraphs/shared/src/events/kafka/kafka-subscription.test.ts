import { EventEmitter } from 'node:events';
import { type Consumer, KafkaJSNonRetriableError } from 'kafkajs';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { KafkaSubscription } from './kafka-subscription.ts';

const run = vi.fn(async () => {});
const onFatal = vi.fn();
let emitter: EventEmitter;
let subscription: KafkaSubscription;

beforeEach(async () => {
  vi.useFakeTimers();
  vi.clearAllMocks();
  emitter = new EventEmitter();
  // The part of kafkajs' consumer that a subscription uses.
  const consumer = {
    events: { GROUP_JOIN: 'join', REBALANCING: 'rebalancing', STOP: 'stop', CRASH: 'crash' },
    on: (name: string, listener: (event: unknown) => void) => emitter.on(name, listener),
    run,
    pause: () => {},
    resume: () => {},
    disconnect: async () => {},
  } as unknown as Consumer;
  subscription = new KafkaSubscription({
    consumer,
    group: 'g',
    topics: new Map([['t', 't']]),
    maxBatch: 200,
    onBatch: async () => {},
    positions: null,
    log: pino({ level: 'silent' }),
    onFatal,
  });
  await subscription.start();
  emitter.emit('join', { payload: { memberAssignment: { t: [0] } } });
});

afterEach(() => {
  vi.useRealTimers();
});

function crash(cause: string, restart = false): void {
  const error = Object.assign(new KafkaJSNonRetriableError('it failed'), {
    cause: Object.assign(new Error(cause), { name: cause }),
  });
  emitter.emit('crash', { payload: { error, restart } });
}

describe('a consumer that crashed', () => {
  test('starts again when no broker said where its coordinator is, though kafkajs does not', async () => {
    crash('KafkaJSGroupCoordinatorNotFound');
    expect(subscription.isReady()).toBe(false);
    await vi.runAllTimersAsync();
    expect(run).toHaveBeenCalledTimes(2);
    emitter.emit('join', { payload: { memberAssignment: {} } });
    expect(subscription.isReady()).toBe(true);
    expect(onFatal).not.toHaveBeenCalled();
  });

  test('does not start again once it is stopped', async () => {
    crash('KafkaJSGroupCoordinatorNotFound');
    const stopped = subscription.stop();
    await vi.runAllTimersAsync();
    await stopped;
    expect(run).toHaveBeenCalledTimes(1);
  });

  test('is left to kafkajs when that starts it again', async () => {
    crash('KafkaJSGroupCoordinatorNotFound', true);
    await vi.runAllTimersAsync();
    expect(run).toHaveBeenCalledTimes(1);
    expect(onFatal).not.toHaveBeenCalled();
  });

  test('ends the process when nothing can help', async () => {
    crash('KafkaJSSASLAuthenticationError');
    await vi.runAllTimersAsync();
    expect(run).toHaveBeenCalledTimes(1);
    expect(onFatal).toHaveBeenCalledOnce();
  });
});
