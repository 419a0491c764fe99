import { expect, test } from 'vitest';
import { compareSupergraphs } from './compare-supergraphs.ts';

const one = `
  schema @link(url: "https://specs.apollo.dev/link/v1.0") { query: Query }
  directive @tag(name: String!) on FIELD_DEFINITION
  "Said of it." type Query { a(b: Int, c: Int): String }
  enum E { A B }`;

test('order of definitions, white space and comments do not count', () => {
  const other = `enum E { A, B } # here\n"""Said of it."""\ntype Query {\n  a(b: Int,c: Int): String }
    schema @link(url: "https://specs.apollo.dev/link/v1.0") { query: Query }
    directive @tag(name: String!) on FIELD_DEFINITION`;
  expect(compareSupergraphs(one, other)).toEqual({ kind: 'equal' });
});

test('what differs is said with the definition that it is in', () => {
  const other = one
    .replace('c: Int', 'c: Int!')
    .replace('enum E { A B }', 'scalar S')
    .replace('name: String!', 'name: String')
    .replace('v1.0', 'v1.1');
  expect(compareSupergraphs(one, other)).toEqual({
    kind: 'different',
    lines: [
      '@tag:',
      '- directive @tag(name: String!) on FIELD_DEFINITION',
      '+ directive @tag(name: String) on FIELD_DEFINITION',
      'E:',
      '- enum E {',
      '-   A',
      '-   B',
      '- }',
      'Query:',
      '-   a(b: Int, c: Int): String',
      '+   a(b: Int, c: Int!): String',
      'S:',
      '+ scalar S',
      'schema:',
      '- schema @link(url: "https://specs.apollo.dev/link/v1.0") {',
      '+ schema @link(url: "https://specs.apollo.dev/link/v1.1") {',
    ],
  });
});

test('a description counts', () => {
  expect(compareSupergraphs(one, one.replace('Said', 'Told'))).toMatchObject({ kind: 'different' });
});

test('what is not GraphQL is an error', () => {
  expect(() => compareSupergraphs(one, 'type {')).toThrow('Syntax Error');
});
