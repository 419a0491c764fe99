import { expect, test, vi } from 'vitest';
import { createRecordedLog } from '../../../test/recorded-log.ts';
import { Lease } from './lease.ts';
import type { Partition } from './record-log.ts';

test('a log that cannot be read for a while is read on as soon as it can', async () => {
  const { log, text } = createRecordedLog();
  const onBatch = vi.fn(async () => undefined);
  const record = { key: 'k', value: 'v', headers: {}, offset: 7, timestampMs: 0 };
  const commit = vi.fn(async () => undefined);
  const read = vi.fn((_: Partition, fromOffset: number) => (fromOffset > 7 ? [] : [record]));
  const broken = () => {
    throw new Error('disk I/O error');
  };
  read.mockImplementationOnce(broken).mockImplementationOnce(broken);
  const partition = { id: 1, topic: 't', partition: 0, nextOffset: 8 };
  const lease = new Lease({
    group: 'g',
    partition,
    member: { topics: ['t'], maxBatch: 10, onBatch },
    positions: { start: () => 7, commit },
    read,
    previous: undefined,
    log,
  });
  await vi.waitFor(() => expect(commit).toHaveBeenCalledWith(partition, 8));
  expect(onBatch).toHaveBeenCalledTimes(1);
  expect(text().match(/cannot be read/g)).toHaveLength(1);
  lease.revoke();
  await lease.done;
});
