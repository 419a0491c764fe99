import { dirname } from 'node:path';
import { DiagnosticSeverity, Parser } from '@asyncapi/parser';
import { deadLetterTopics, topics } from '@shop/contracts/events/topics.ts';
import { deadLetter, readDeadLetter, resolutionRecord } from '@shop/shared/events/dead-letters';
import { decodeEvent } from '@shop/shared/events/decode-event';
import { createEventAjv } from '@shop/shared/events/event-ajv';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { generateAsyncApi } from './asyncapi.ts';
import { deadLetterMessages, eventMessages } from './asyncapi-messages.ts';
import { staleFiles } from './generated-files.ts';

const root = dirname(dirname(import.meta.dirname));

interface Document {
  channels: Record<string, { address: string; messages: object }>;
  operations: Record<string, { action: string; channel: object; messages: { $ref: string }[] }>;
  components: { messages: Record<string, { payload: object; examples: { payload: { data: object } }[] }> };
}

let text: string;
let document: Document;
beforeAll(async () => {
  text = await generateAsyncApi(root);
  document = parse(text) as Document;
});

/** What the parser objects to, beside that there is a newer minor version of AsyncAPI. */
async function objections(to: string): Promise<string[]> {
  const { diagnostics } = await new Parser().parse(to);
  return diagnostics
    .filter(({ severity }) => severity <= DiagnosticSeverity.Warning)
    .map(({ code, path }) => `${code} ${path.join('/')}`);
}

test('what is generated is committed: run `npm run generate`', async () => {
  expect(await staleFiles(root)).toEqual([]);
});

test('it is valid AsyncAPI 3, and needs nothing from elsewhere', async () => {
  expect(await objections(text)).toEqual([]);
  const refs = [...text.matchAll(/\$ref: "?([^"\n]*)/g)].map(([, ref]) => ref!);
  expect(refs.length).toBeGreaterThan(50);
  expect(refs.filter((ref) => !ref.startsWith('#/'))).toEqual([]);
});

test.each([
  ['a message that is not there', 'messages/order.placed.v1"', 'messages/order.lost.v1"'],
  ['an unknown action', 'action: send', 'action: shout'],
])('the parser would object to %s', async (_, was, is) => {
  expect(text).toContain(was);
  expect(await objections(text.replace(was, is))).not.toEqual([]);
});

describe('what it says is what the code does', () => {
  test('the example of every message is as the document says, and a record that consumers decode', () => {
    const ajv = createEventAjv().addVocabulary(['components']);
    for (const { name, type } of eventMessages) {
      const { payload, examples } = document.components.messages[name]!;
      const [example] = examples;
      const value = JSON.stringify(example?.payload);
      expect(decodeEvent({ value }, [type as 'order.placed'])).toMatchObject({ kind: 'event' });
      const validate = ajv.compile({ ...payload, components: document.components });
      expect([name, validate(example?.payload), validate.errors]).toEqual([name, true, null]);
      expect(validate({ ...example?.payload, data: {} })).toBe(false);
      expect(validate({ ...example?.payload, type: 'order.lost' })).toBe(false);
    }
  });

  test('every topic has a channel with all that it carries, and so has every dead-letter topic', () => {
    const carried = Object.values(document.channels).map(({ address, messages }) => [
      address,
      Object.keys(messages).map((name) => name.replace(/\.v\d+$/, '')),
    ]);
    expect(Object.fromEntries(carried)).toEqual(
      Object.fromEntries([
        ...Object.values(topics).map(({ topic, types }) => [topic, types]),
        ...Object.values(deadLetterTopics).map(({ topic }) => [topic, ['deadLetter', 'resolution']]),
      ]),
    );
  });

  test('dead letters and what became of them have these headers, and no others', () => {
    const record = { key: 'k', value: 'x'.repeat(500_000), headers: {}, offset: 7, timestampMs: 0 };
    const from = { topic: 'orders.v1', partition: 2 };
    const first = deadLetter({ record, cause: 'not JSON' }, from, 0);
    const again = { ...record, headers: { 'dlq-replay-of': 'orders.v1/2/7' } };
    const second = deadLetter({ record: again, cause: 'not JSON' }, from, 0);
    const stored = {
      ...record,
      ...first,
      headers: first.headers ?? {},
      topic: 'orders.v1.dlq',
      partition: 0,
    };
    const resolution = resolutionRecord(readDeadLetter(stored), {
      kind: 'discarded',
      at: '2026-01-31T12:00:00.000Z',
    });
    expectHeaders(deadLetterMessages.deadLetter, [first.headers, second.headers]);
    expectHeaders(deadLetterMessages.resolution, [resolution.headers]);
  });
});

function expectHeaders({ headers }: { headers: { properties: object } }, found: unknown[]): void {
  const validate = createEventAjv().compile(headers);
  for (const one of found) expect([one, validate(one)]).toEqual([one, true]);
  const names = found.flatMap((one) => Object.keys(one as object));
  expect(new Set(names)).toEqual(new Set(Object.keys(headers.properties)));
}
