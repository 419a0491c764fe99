import type { Logger } from 'pino';
import { backoffMs, pause } from './backoff.ts';
import type { Events, Subscription, TopicDeclaration } from './port.ts';

export interface JoinTopicsOptions {
  events: Events;
  log: Logger;
  /** Created first, where they are missing. */
  topics: TopicDeclaration[];
  /** What then subscribes, one after the other. A step that rejects is tried again, so it must leave nothing behind. */
  subscribe: (() => Promise<Subscription>)[];
}

const retry = { minMs: 250, maxMs: 5_000 };

/**
 * Creates topics and subscribes in the background, so that a subgraph answers while the brokers are away. Tried
 * again, at most every 5 s, until it succeeds or `stop` is called: until then `isReady` is false. `stop` gives up
 * joining, or finishes the running batches and leaves.
 */
export function joinTopics({ events, log, topics, subscribe }: JoinTopicsOptions): Subscription {
  const stopping = new AbortController();
  const subscriptions: Subscription[] = [];
  const steps = [
    () => events.createTopics(topics),
    ...subscribe.map((step) => async () => void subscriptions.push(await step())),
  ];
  const joining = runAll(steps, log, stopping.signal);
  return {
    isReady: () => subscriptions.length === subscribe.length && subscriptions.every((each) => each.isReady()),
    async stop() {
      stopping.abort();
      await joining;
      await Promise.all(subscriptions.map((subscription) => subscription.stop()));
    },
  };
}

async function runAll(steps: (() => Promise<void>)[], log: Logger, signal: AbortSignal): Promise<void> {
  let failures = 0;
  for (let next = 0; next < steps.length && !signal.aborted; ) {
    try {
      await steps[next]?.();
      next++;
    } catch (error) {
      if (failures++ === 0) log.warn({ err: error }, 'the topics cannot be joined yet; trying again');
      await pause(backoffMs(failures, retry), signal);
    }
  }
  if (failures > 0 && !signal.aborted) log.info('the topics are joined');
}
