import { pino } from 'pino';
import { expect, test } from 'vitest';
import { kafkaClient } from './kafka-client.ts';

test('the same complaint of all clients of a process is one warning in ten seconds', () => {
  const lines: { level: number; msg: string }[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => lines.push(JSON.parse(line)) });
  for (const clientId of ['a', 'b', 'c']) {
    const client = kafkaClient({ brokers: ['127.0.0.1:1'], clientId, log });
    client.logger().error('lost');
    client.logger().namespace('Connection').error('refused');
  }
  expect(lines.map(({ level, msg }) => `${level} ${msg}`)).toEqual(['40 lost', '40 refused']);
});
