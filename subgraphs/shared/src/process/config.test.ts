import { expect, test } from 'vitest';
import { z } from 'zod';
import { apiSecret, kafkaBrokers, listenSettings, mongodbUri, readConfig, subgraphUrls } from './config.ts';

const schema = z.object({
  ...listenSettings(4003),
  MONGODB_URI: mongodbUri,
  KAFKA_BROKERS: kafkaBrokers,
  API_SECRET: apiSecret,
  USERS_URL: subgraphUrls.default(['http://127.0.0.1:4001']),
});

const complete = {
  MONGODB_URI: 'mongodb://127.0.0.1:27017',
  KAFKA_BROKERS: 'one:9092, two:9092',
  API_SECRET: 'a'.repeat(16),
};

test('lists what is missing, all at once, and says what it is', () => {
  expect(() => readConfig(schema, { PORT: '', MONGODB_URI: '' })).toThrow(
    [
      'The configuration has 3 problem(s):',
      '  MONGODB_URI: is required: the MongoDB server of this part, mongodb://…',
      '  KAFKA_BROKERS: is required: the Kafka brokers of this part, host:port pairs separated by commas',
      "  API_SECRET: is required: the admin's x-api-key, at least 16 characters",
    ].join('\n'),
  );
});

test.each([
  ['PORT', 'http'],
  ['PORT', '65536'],
  ['MONGODB_URI', 'postgres://127.0.0.1'],
  ['KAFKA_BROKERS', 'no-port'],
  ['KAFKA_BROKERS', ','],
  ['API_SECRET', 'short'],
  ['USERS_URL', 'ftp://127.0.0.1'],
  ['LOG_LEVEL', 'loud'],
])('refuses %s=%s and names it', (variable, value) => {
  expect(() => readConfig(schema, { ...complete, [variable]: value })).toThrow(
    new RegExp(`\\n  ${variable}\\b`),
  );
});

test('splits lists, fills in defaults and is frozen', () => {
  const config = readConfig(schema, { ...complete, PORT: '5000' });
  expect(config).toMatchObject({
    PORT: 5000,
    HOST: '127.0.0.1',
    KAFKA_BROKERS: ['one:9092', 'two:9092'],
    USERS_URL: ['http://127.0.0.1:4001'],
  });
  expect(Object.isFrozen(config)).toBe(true);
});
