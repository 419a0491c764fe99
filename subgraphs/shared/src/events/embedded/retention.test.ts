import { expect, test } from 'vitest';
import { RecordLog } from './record-log.ts';
import { applyRetention, usualRetentionMs } from './retention.ts';

const day = 24 * 3_600_000;
const nothingHeld = () => Number.POSITIVE_INFINITY;
const usual = () => usualRetentionMs;

async function filledLog(count: number) {
  const log = new RecordLog(':memory:', () => {});
  log.createTopics([{ topic: 't', partitions: 1 }]);
  await log.append(
    't',
    Array.from({ length: count }, (_, index) => ({ key: 'k', value: String(index) })),
  );
  const [partition] = log.partitions('t');
  const first = () => log.read(partition!, 0, 1)[0]?.offset;
  return { log, partition: partition!, first };
}

test('keeps what a known group has not read, however old', async () => {
  const { log, partition, first } = await filledLog(10);
  log.register('g', [partition]);
  const options = {
    nowMs: Date.now() + 8 * day,
    liveGroups: [],
    heldOffset: nothingHeld,
    retentionMs: usual,
  };
  applyRetention(log.database, options);
  expect(first()).toBe(0);
  await log.commitPosition('g', partition, 4);
  applyRetention(log.database, options);
  expect(first()).toBe(4);
});

test('keeps what is young and read, up to a number; drops the rest step by step', async () => {
  const { log, partition, first } = await filledLog(15_000);
  await log.commitPosition('g', partition, 15_000);
  const options = { nowMs: Date.now(), liveGroups: ['g'], heldOffset: nothingHeld, retentionMs: usual };
  applyRetention(log.database, options);
  expect(first()).toBe(2_000);
  for (let round = 0; round < 5; round++) applyRetention(log.database, options);
  expect(first()).toBe(5_000);
});

test('keeps what a broadcast still wants', async () => {
  const { log, first } = await filledLog(10);
  applyRetention(log.database, {
    nowMs: Date.now() + 8 * day,
    liveGroups: [],
    heldOffset: () => 6,
    retentionMs: usual,
  });
  expect(first()).toBe(6);
});

test('keeps the records of a topic as long as it asks for', async () => {
  const { log, first } = await filledLog(10);
  log.createTopics([{ topic: 't', partitions: 1, retentionMs: 90 * day }]);
  const sweep = (days: number) =>
    applyRetention(log.database, {
      nowMs: Date.now() + days * day,
      liveGroups: [],
      heldOffset: nothingHeld,
      retentionMs: (topic) => log.retentionMs(topic),
    });
  sweep(89);
  expect(first()).toBe(0);
  applyRetention(log.database, {
    nowMs: Date.now() + 91 * day,
    liveGroups: [],
    heldOffset: nothingHeld,
    retentionMs: () => undefined,
  });
  expect(first()).toBe(0);
  sweep(91);
  expect(first()).toBeUndefined();
});

test('gives no offset twice, even when everything was dropped', async () => {
  const { log, first } = await filledLog(10);
  applyRetention(log.database, {
    nowMs: Date.now() + 8 * day,
    liveGroups: [],
    heldOffset: nothingHeld,
    retentionMs: usual,
  });
  expect(first()).toBeUndefined();
  await log.append('t', [{ key: 'k', value: 'next' }]);
  expect(first()).toBe(10);
});

test('forgets a group that nobody joined for a month, unless it has a member', async () => {
  const { log, partition, first } = await filledLog(10);
  log.register('gone', [partition]);
  const nowMs = Date.now() + 31 * day;
  applyRetention(log.database, { nowMs, liveGroups: ['gone'], heldOffset: nothingHeld, retentionMs: usual });
  expect(first()).toBe(0);
  applyRetention(log.database, { nowMs, liveGroups: [], heldOffset: nothingHeld, retentionMs: usual });
  expect(first()).toBeUndefined();
});
