import { createHash } from 'node:crypto';
import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { operationsOf } from './client-operations.ts';
import { createDocumentList } from './document-list.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const documents = operationsOf(
  'known.graphql',
  `query A($id: ID!) { a(id: $id, text: """block""") { ...Y ...X } }
   fragment X on T { x } fragment Y on T { y ...Z } fragment Z on T { z }
   query B { b }`,
);
const [a, b] = documents;

test.each([
  [
    'other white space, commas and comments',
    'query A($id:ID!,){a(id:$id text:"""block"""){...Y,...X}} # x',
    '',
  ],
  ['without a line break', 'query A($id: ID!) { a(id: $id, text: """block""") { ...Y ...X } }', ''],
  [
    'with what it does not use',
    'query A($id: ID!) { a(id: $id, text: """block""") { ...Y ...X } }',
    'query C { c }',
  ],
])('a text counts as known %s', (_, query, more) => {
  const list = createDocumentList(documents);
  const text = `fragment Z on T{z} ${query} \n fragment Y on T{y,...Z} ${more} fragment X on T {x} fragment W on T {w}`;
  for (let n = 0; n < 2; n += 1) expect(list.byText(text, 'A')).toBe(a);
  expect(list.byText(text, 'C')).toBeUndefined();
  expect(list.byText(text, undefined)).toBe(more === '' ? a : undefined);
});

test.each([
  ['no text', ''],
  ['no GraphQL', 'query B {'],
  ['the definition of a type', 'type B { b: Int }'],
  ['another name', 'query C { b }'],
  ['no name', '{ b }'],
  ['another kind', 'mutation B { b }'],
  ['an alias', 'query B { c: b }'],
  ['a directive', 'query B { b @skip(if: false) }'],
  ['a variable that is not used', 'query B($b: Int) { b }'],
  ['a fragment that is not there', 'query B { b ...X }'],
])('a text with %s does not', (_, text) => {
  expect(createDocumentList(documents).byText(text, undefined)).toBeUndefined();
});

test('a known document is found however often it is written anew', () => {
  const list = createDocumentList(documents);
  for (let n = 0; n < 1_100; n += 1) expect(list.byText(`query B {b} # ${n}`, undefined)).toBe(b);
  expect(list.byText('query B {b} # 0', undefined)).toBe(b);
});

test('a manifest of a tool that prints otherwise has its own ids, and the same texts', () => {
  const body = 'query B {\n    b\n}\n';
  const other = { id: sha256(body), name: 'B', type: 'query', body };
  const list = createDocumentList([other]);
  expect(list.byId(other.id)).toBe(other);
  expect(list.byText('query B{b}', undefined)).toBe(other);
  const document = parse('query B { b }');
  const [operation] = document.definitions;
  if (operation?.kind !== 'OperationDefinition') throw new Error('no operation');
  expect(list.unknownIdOf(document, operation)).toBeNull();
  expect(list.byId('__proto__')).toBeUndefined();
});

test('what is not known has the id that it would have', () => {
  const [unknown] = operationsOf('', 'query C { c ...X } fragment X on Q { x }');
  const document = parse('fragment X on Q{x} query C{c,...X} query D { d }');
  const operation = document.definitions[1];
  if (operation?.kind !== 'OperationDefinition') throw new Error('no operation');
  const list = createDocumentList(documents);
  for (let n = 0; n < 2; n += 1) expect(list.unknownIdOf(document, operation)).toBe(unknown?.id);
});
