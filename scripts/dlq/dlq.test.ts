import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deadLetterTopics, topics } from '@shop/contracts/events/topics.ts';
import { deadLetter } from '@shop/shared/events/dead-letters';
import { openEvents } from '@shop/shared/events/open-events';
import type { Events } from '@shop/shared/events/port';
import { silentLog as log } from '@shop/shared/process/log';
import { afterAll, describe, expect, test } from 'vitest';
import { kafkaBrokers, mongodbUri } from '../../subgraphs/shared/test/real-servers.ts';
import { removeRealData } from '../../subgraphs/shared/test/remove-real-data.ts';

const script = fileURLToPath(new URL('../dlq.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'dlq-'));
const prefix = `dlq-test-${process.pid}-`;
const brokers = kafkaBrokers?.split(',');

afterAll(async () => {
  rmSync(folder, { recursive: true });
  if (brokers && mongodbUri) await removeRealData({ mongodbUri, brokers, prefix });
});

// As scripts/run.mjs.
const flags = ['ExperimentalWarning', 'TimeoutNegativeWarning'].map((name) => `--disable-warning=${name}`);

/** Runs the command as a process whose environment is this alone. */
async function dlq(variables: Record<string, string>, ...args: string[]) {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [...flags, script, ...args], {
    env: { PATH, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 25_000,
  });
  let out = '';
  let errors = '';
  child.stdout.on('data', (text) => (out += text));
  child.stderr.on('data', (text) => (errors += text));
  const [exitCode] = await once(child, 'close');
  return { exitCode, out, errors };
}

const environments: { name: string; variables: Record<string, string> }[] = [
  { name: 'the embedded log', variables: { DATA_DIR: join(folder, 'data') } },
];
if (kafkaBrokers && mongodbUri) {
  environments.push({ name: 'Kafka', variables: { KAFKA_BROKERS: kafkaBrokers, TOPIC_PREFIX: prefix } });
}

describe.each(environments)('npm run dlq on $name', ({ variables }) => {
  /** Does something with the topics, then lets go of them, as a shop that stops. */
  async function withEvents<T>(use: (events: Events) => Promise<T>): Promise<T> {
    const events = await openEvents({
      brokers: variables.KAFKA_BROKERS?.split(','),
      topicPrefix: variables.TOPIC_PREFIX ?? '',
      clientId: 'test',
      dataDir: variables.DATA_DIR ?? folder,
      log,
      onFatal(error) {
        throw error;
      },
    });
    try {
      return await use(events);
    } finally {
      await events.close();
    }
  }

  test('lists, shows, replays and discards', async () => {
    const from = { topic: 'inventory.v1', partition: 4 };
    await withEvents(async (events) => {
      await events.createTopics([...Object.values(topics), ...Object.values(deadLetterTopics)]);
      const found = ['first \u001b[31m', 'second'].map((value, offset) => ({
        record: { key: `order-${offset}`, value, headers: {}, offset, timestampMs: 0 },
        cause: 'unknown version',
      }));
      const letters = found.map((poison) => deadLetter(poison, from, 0));
      await events.publish('inventory.v1.dlq', letters);
    });

    const list = await dlq(variables, 'list');
    expect(list).toMatchObject({ exitCode: 0, errors: '' });
    expect(list.out.split('\n')).toEqual([
      expect.stringMatching(/^ID +SET ASIDE +SOURCE +KEY +CAUSE$/),
      expect.stringMatching(
        /^inventory\.v1\.dlq\/0\/0 +1970-01-01T00:00:00.000Z +inventory\.v1\/4\/0 +order-0 +unknown version$/,
      ),
      expect.stringMatching(/^inventory\.v1\.dlq\/0\/1 .* order-1 +unknown version$/),
      '2 open',
      '',
    ]);
    const shown = await dlq(variables, 'show', 'inventory.v1.dlq/0/0');
    expect(shown.out).toContain('\n  first \\u001b[31m\n');

    expect(await dlq(variables, 'replay', 'inventory.v1.dlq/0/0')).toEqual({
      exitCode: 0,
      out: 'replayed inventory.v1.dlq/0/0 to inventory.v1\n',
      errors: '',
    });
    expect((await dlq(variables, 'discard', '--all')).out).toBe(
      'discarded inventory.v1.dlq/0/1\n1 discarded\n',
    );
    expect(await dlq(variables, 'list', '--json')).toEqual({ exitCode: 0, out: '', errors: '' });
    await withEvents(async (events) => {
      const replayed = [];
      for await (const record of events.readAll(['inventory.v1'])) replayed.push(record);
      expect(replayed).toMatchObject([{ key: 'order-0', value: 'first \u001b[31m' }]);
    });
  }, 120_000);
});

test('bad use ends with 2 and says how to ask', async () => {
  const { exitCode, out, errors } = await dlq({}, 'replay');
  expect([exitCode, out]).toEqual([2, '']);
  expect(errors).toContain('npm run dlq -- list');
});

test('where no shop was, it says so and makes nothing', async () => {
  const nowhere = join(folder, 'nowhere');
  const { exitCode, errors } = await dlq({ DATA_DIR: nowhere }, 'list');
  expect([exitCode, errors]).toEqual([1, expect.stringMatching(/^There is no .*nowhere.*DATA_DIR/)]);
  expect(readdirSync(folder)).not.toContain('nowhere');
});

test('beside a running shop with an embedded log it does nothing, and says what to do', async () => {
  const dataDir = join(folder, 'in-use');
  const options = { brokers: undefined, topicPrefix: '', clientId: 'test', dataDir, log, onFatal() {} };
  const events = await openEvents(options);
  const { exitCode, errors } = await dlq({ DATA_DIR: dataDir }, 'replay', '--all');
  expect([exitCode, errors]).toEqual([1, expect.stringMatching(/in use by another process.*\n.*stop it/)]);
  await events.close();
});

if (kafkaBrokers) {
  const KAFKA_BROKERS = kafkaBrokers;
  test('topics that are not there are named, with where they were looked for', async () => {
    const variables = { KAFKA_BROKERS, TOPIC_PREFIX: 'dlq-test-nobody-' };
    const { exitCode, out, errors } = await dlq(variables, 'list');
    expect([exitCode, out]).toEqual([1, '']);
    expect(errors).toMatch(/Unknown topic "orders\.v1\.dlq"/);
    expect(errors).toMatch(/Kafka at .*, topics with the prefix dlq-test-nobody-/);
  });
}

test('brokers that are away are told of in time', async () => {
  const { exitCode, errors } = await dlq({ KAFKA_BROKERS: '127.0.0.1:1' }, 'list');
  expect([exitCode, errors]).toEqual([1, expect.stringContaining('Kafka at 127.0.0.1:1, topics without')]);
});
