import { topics } from '@shop/contracts/events/topics.ts';
import { dataSchemaOf, encodeUnchecked } from '@shop/shared/events/cloud-event';
import type { RawRecord } from '../../../subgraphs/shared/test/kafka-topics.ts';

/** A record that nobody can decode, and how the cause begins that its dead letter should have. */
export interface PoisonRecord {
  record: RawRecord;
  cause: string;
}

/** Each kind of poison, for this topic; what `id` names is in their keys, or in a header where there is no key. */
export function poisonsFor(
  { types: [type] }: (typeof topics)[keyof typeof topics],
  id: string,
): PoisonRecord[] {
  const envelope = { id, source: '/poison', type, subject: id, time: '2026-01-31T12:00:00Z' };
  const wrongTypes = encodeUnchecked({ ...envelope, data: { orderId: 7, productId: [], lines: 'none' } });
  const unknownVersion = wrongTypes.replace(dataSchemaOf(type, 1), dataSchemaOf(type, 9));
  const poisons: [cause: string, value: string | null][] = [
    ['not JSON', '{ "specversion": "1.0"'],
    ['not JSON', ''],
    ['no value', null],
    ['not a CloudEvent', '{ "orderId": "o1", "status": "PLACED" }'],
    ['not a CloudEvent', 'null'],
    ['unknown version', unknownVersion],
    ['data does not match', wrongTypes],
  ];
  const keyed = poisons.map(([cause, value], n) => poison(`${id}-${n}`, cause, value));
  const unkeyed = poison(`${id}-unkeyed`, 'not JSON', 'no key either');
  return [...keyed, { ...unkeyed, record: { ...unkeyed.record, key: null } }];
}

/** How many of them there are for the three topics. */
export const poisonCount = Object.values(topics).flatMap((topic) => poisonsFor(topic, 'x')).length;

function poison(name: string, cause: string, value: string | null): PoisonRecord {
  return { record: { key: name, value, headers: { poison: name } }, cause };
}
