import type { Events, OnBatch, SubscribeOptions } from '@shop/shared/events/port';

/** What a part has asked of its topics. */
export interface RecordedEvents {
  events: Events;
  published: { topic: string; value: string }[];
  subscribed: { group: SubscribeOptions['group']; topics: string[]; onBatch: OnBatch }[];
}

/** The same events, with a record of what is published and subscribed through them. */
export function recordEvents(events: Events): RecordedEvents {
  const published: RecordedEvents['published'] = [];
  const subscribed: RecordedEvents['subscribed'] = [];
  return {
    published,
    subscribed,
    events: {
      createTopics: (topics) => events.createTopics(topics),
      async publish(topic, records) {
        published.push(...records.map(({ value }) => ({ topic, value })));
        await events.publish(topic, records);
      },
      subscribe({ group, topics, ...rest }, onBatch) {
        subscribed.push({ group, topics, onBatch });
        return events.subscribe({ group, topics, ...rest }, onBatch);
      },
      readAll: (topics) => events.readAll(topics),
      logId: () => events.logId(),
      ping: () => events.ping(),
      close: () => events.close(),
    },
  };
}
