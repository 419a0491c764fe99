import type { TopicMessages } from 'kafkajs';
import { pino } from 'pino';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { UnavailableError } from '../../unavailable.ts';
import { openKafkaEvents } from '../open-kafka-events.ts';
import { KafkaPublisher } from './kafka-publisher.ts';

let sends: { topicMessages: TopicMessages[]; resolve: () => void; reject: (error: Error) => void }[];
let publisher: KafkaPublisher;

beforeEach(() => {
  sends = [];
  publisher = new KafkaPublisher(
    (topicMessages) => new Promise<void>((resolve, reject) => sends.push({ topicMessages, resolve, reject })),
  );
});

const record = (value: string) => ({ key: 'k', value });
const sentAs = (count: number) => vi.waitFor(() => expect(sends).toHaveLength(count));
const valuesOf = (index: number) =>
  sends[index]!.topicMessages.map(({ topic, messages }) => [topic, messages.map(({ value }) => value)]);

describe('KafkaPublisher', () => {
  test('what comes while a send is on its way goes together in the next, in order', async () => {
    const first = publisher.publish('a', [record('1')]);
    await sentAs(1);
    const later = [publisher.publish('a', [record('2'), record('3')]), publisher.publish('b', [record('4')])];
    later.push(publisher.publish('a', [record('5')]));
    sends[0]!.resolve();
    await first;
    await sentAs(2);
    expect(valuesOf(1)).toEqual([
      ['a', ['2', '3', '5']],
      ['b', ['4']],
    ]);
    sends[1]!.resolve();
    await Promise.all(later);
  });

  test('a failed send rejects those it was for, and the next goes on', async () => {
    const failing = publisher.publish('a', [record('1')]);
    const rejected = expect(failing).rejects.toThrow(UnavailableError);
    await sentAs(1);
    const next = publisher.publish('a', [record('2')]);
    sends[0]!.reject(new UnavailableError('away'));
    await rejected;
    await sentAs(2);
    sends[1]!.resolve();
    await next;
  });

  test('a large publish is cut into sends of a bounded size, and done with the last', async () => {
    const large = publisher.publish('a', [
      record('x'.repeat(300_000)),
      record('y'.repeat(300_000)),
      record('z'),
    ]);
    await sentAs(1);
    sends[0]!.resolve();
    await sentAs(2);
    sends[1]!.resolve();
    await large;
    expect(sends.map(({ topicMessages }) => topicMessages[0]?.messages.length)).toEqual([1, 2]);
  });

  test('refuses at once what exceeds its bounds', async () => {
    await expect(publisher.publish('a', [record('x'.repeat(600_000))])).rejects.toThrow(
      /600071 bytes exceeds/,
    );
    const flood = Array.from({ length: 20_000 }, () => record('x'));
    void publisher.publish('a', [record('first')]);
    await sentAs(1);
    void publisher.publish('a', flood);
    await expect(publisher.publish('a', [record('more')])).rejects.toThrow(UnavailableError);
  });
});

test('without a broker, it opens, and ping rejects with UnavailableError', async () => {
  const log = pino({ level: 'silent' });
  const options = { brokers: ['127.0.0.1:1'], topicPrefix: '', clientId: 'test', log, onFatal: () => {} };
  const events = openKafkaEvents(options);
  await expect(events.ping()).rejects.toThrow(UnavailableError);
  await events.close();
});
