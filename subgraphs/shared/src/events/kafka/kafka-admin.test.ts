import { randomUUID } from 'node:crypto';
import { type Admin, ConfigResourceTypes } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kafkaBrokers } from '../../../test/real-servers.ts';
import { silentLog } from '../../process/log.ts';
import { KafkaAdmin } from './kafka-admin.ts';
import { kafkaClient } from './kafka-client.ts';

describe.runIf(kafkaBrokers)('topics on the brokers', () => {
  const kafka = kafkaClient({ brokers: kafkaBrokers?.split(',') ?? [], clientId: 'test', log: silentLog });
  const names = ['usual', 'kept'].map((name) => `test-${randomUUID()}-${name}`);
  const [usual, kept] = names as [string, string];
  let reader: Admin;
  beforeAll(async () => {
    reader = kafka.admin();
    await reader.connect();
  });
  afterAll(async () => {
    await reader.deleteTopics({ topics: names });
    await reader.disconnect();
  });

  test('are created with the retention that they ask for, or with that of the broker', async () => {
    const admin = new KafkaAdmin(kafka);
    await admin.createTopics([
      { topic: usual, partitions: 1 },
      { topic: kept, partitions: 1, retentionMs: 90_000_000 },
    ]);
    await admin.close();
    const { resources } = await reader.describeConfigs({
      includeSynonyms: false,
      resources: names.map((name) => ({
        type: ConfigResourceTypes.TOPIC,
        name,
        configNames: ['retention.ms', 'min.insync.replicas'],
      })),
    });
    const read = (topic: string, config: string) =>
      resources
        .find(({ resourceName }) => resourceName === topic)
        ?.configEntries.find(({ configName }) => configName === config);
    expect(read(kept, 'retention.ms')?.configValue).toBe('90000000');
    expect(read(usual, 'retention.ms')?.isDefault).toBe(true);
    expect(read(kept, 'min.insync.replicas')?.configValue).toMatch(/^[12]$/);
  });
});
