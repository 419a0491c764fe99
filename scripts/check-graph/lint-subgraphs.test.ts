import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readSupergraphConfig } from '../compose/supergraph-config.ts';
import { lintSubgraphs } from './lint-subgraphs.ts';

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.11", import: ["@key", "@external", "@requires"])`;
const query = (fields: string) => `"What can be read." type Query { ${fields} }`;
const user = '"A person." type User @key(fields: "id") { "Its key." id: ID! "To show." name: String! }';
const users = `${user} ${query('"The caller." me: User!')}`;

/** What the lint says of subgraphs named a, b, …: code and coordinate, or the code alone. */
function lint(...sdls: string[]): string[] {
  const subgraphs = sdls.map((sdl, index) => {
    const name = 'abc'[index] ?? '';
    return { name, url: `http://${name}.example/graphql`, file: `${name}.graphql`, sdl: `${link}\n${sdl}` };
  });
  const findings = lintSubgraphs({ federationVersion: '=2.14.4', subgraphs });
  for (const { severity, locations } of findings) {
    expect(severity).toBe('error');
    expect(locations).not.toEqual([]);
    for (const at of locations) expect(at).toMatch(/^[abc]\.graphql:\d+:\d+$/);
  }
  return findings.map(({ code, coordinate }) => (coordinate ? `${code} ${coordinate}` : code));
}

const withThing = (fields: string) =>
  `"A thing." type Thing { ${fields} } ${query('"A thing." thing: Thing')}`;

test('our own schemas break no rule', () => {
  expect(lintSubgraphs(readSupergraphConfig(join(import.meta.dirname, '../../supergraph.yaml')))).toEqual([]);
});

test.each([
  ['a type', `type Thing { "Its name." name: String } ${query('"A thing." thing: Thing')}`],
  ['a field', withThing('name: String')],
  ['an argument', withThing('"Its name." name(length: Int): String')],
  ['an enum', `enum Kind { "One." ONE } ${query('"A kind." kind: Kind')}`],
  ['an enum value', `"Kinds." enum Kind { ONE } ${query('"A kind." kind: Kind')}`],
  [
    'an input',
    `input Filter { "A word." word: String } ${query('"Found." found("What." filter: Filter): ID')}`,
  ],
  [
    'an input field',
    `"What." input Filter { word: String } ${query('"Found." found("What." filter: Filter): ID')}`,
  ],
  ['a scalar', `scalar Moment ${query('"Now." now: Moment')}`],
  ['an empty description', withThing('"" name: String')],
  ['one that a comment would silence', `# eslint-disable\n${withThing('name: String')}`],
])('MISSING_DESCRIPTION: %s', (_what, sdl) => {
  expect(lint(sdl)).toEqual(['MISSING_DESCRIPTION']);
});

test('MISSING_DESCRIPTION: what extends an entity repeats its key without one, but describes what it adds', () => {
  const stub = (added: string) => `type User @key(fields: "id") { id: ID! ${added} }`;
  expect(lint(users, stub('"Its age." age: Int'))).toEqual([]);
  expect(
    lint(users, stub('name: String! @external "Its initial." initial: String @requires(fields: "name")')),
  ).toEqual([]);
  expect(lint(users, stub('age: Int'))).toEqual(['MISSING_DESCRIPTION']);
  expect(lint(users.replace('"Its key."', ''), stub('"Its age." age: Int'))).toEqual(['MISSING_DESCRIPTION']);
  expect(lint(users.replace('"A person."', ''))).toEqual(['MISSING_DESCRIPTION']);
});

test('HASHTAG_DESCRIPTION: a comment where a description belongs', () => {
  expect(lint(withThing('\n# Its name.\nname: String'))).toEqual([
    'HASHTAG_DESCRIPTION',
    'MISSING_DESCRIPTION',
  ]);
  expect(lint(`# A note.\n\n${withThing('"Its name." name: String')}`)).toEqual([]);
});

test.each([
  ['a type', `"A thing." type some_thing { "Its name." name: String } ${query('"A." thing: some_thing')}`],
  ['a field', withThing('"Its name." full_name: String')],
  ['an argument', withThing('"Its name." name("Most." MaxLength: Int): String')],
  ['an enum value', `"Kinds." enum Kind { "One." one } ${query('"A kind." kind: Kind')}`],
  ['a query that is named as a verb', query('"Things." getThings: [ID]')],
])('NAMING: %s', (_what, sdl) => {
  expect(lint(sdl)).toEqual(['NAMING']);
});

test('NAMING: what the clients of the first API know may stay', () => {
  expect(lint(withThing('"Its key." _id: ID! "A token." access_token: String'))).toEqual([]);
  expect(lint(query('"Gettable things." gettable: [ID]'))).toEqual([]);
});

test.each([
  ['no reason', '@deprecated', ['MISSING_DEPRECATION_REASON']],
  ['an empty reason', '@deprecated(reason: " ")', ['MISSING_DEPRECATION_REASON']],
  ['no date', '@deprecated(reason: "Use title.")', ['MISSING_REMOVAL_DATE Thing.name']],
  [
    'no day of the calendar',
    '@deprecated(reason: "Gone on 2027-02-30.")',
    ['MISSING_REMOVAL_DATE Thing.name'],
  ],
  ['both', '@deprecated(reason: "Use title. Gone on 2027-02-28.")', []],
])('MISSING_DEPRECATION_REASON, MISSING_REMOVAL_DATE: %s', (_what, directive, expected) => {
  expect(lint(withThing(`"Its name." name: String ${directive}`))).toEqual(expected);
});

test('MISSING_REMOVAL_DATE: arguments, enum values and fields of inputs too', () => {
  const directive = '@deprecated(reason: "Old.")';
  const sdl = `"Kinds." enum Kind { "One." ONE ${directive} } "What." input Filter { "A kind." kind: Kind ${directive} }
    ${query(`"Found." found("What." filter: Filter ${directive}): ID`)}`;
  expect(lint(sdl)).toEqual([
    'MISSING_REMOVAL_DATE Kind.ONE',
    'MISSING_REMOVAL_DATE Filter.kind',
    'MISSING_REMOVAL_DATE Query.found(filter:)',
  ]);
});

test('CROSS_SUBGRAPH_NON_NULL: a field that a subgraph adds to the entity of another', () => {
  const adding = (type: string) => `type User @key(fields: "id") { id: ID! "Words." words: ${type} }`;
  expect(lint(users, adding('[String!]'))).toEqual([]);
  expect(lint(users, adding('[String!]!'))).toEqual(['CROSS_SUBGRAPH_NON_NULL User.words']);
  expect(lint(users, adding('String!').replace('type User', 'extend type User'))).toEqual([
    'CROSS_SUBGRAPH_NON_NULL User.words',
  ]);
});

test('CROSS_SUBGRAPH_NON_NULL: a reference to the entity of another, with what a list of them holds', () => {
  const referring = (type: string) =>
    `type User @key(fields: "id", resolvable: false) { id: ID! }
     "A text." type Review { "Who wrote it." by: ${type} } ${query('"The latest." review: Review!')}`;
  expect(lint(users, referring('User'))).toEqual([]);
  expect(lint(users, referring('[User]'))).toEqual([]);
  for (const type of ['User!', '[User]!', '[User!]', '[[User!]]']) {
    expect(lint(users, referring(type))).toEqual(['CROSS_SUBGRAPH_NON_NULL Review.by']);
  }
});

test('CROSS_SUBGRAPH_NON_NULL: a union or an interface of which an entity of another is one', () => {
  const author = (type: string, more: string, of = '') =>
    `type User ${of} @key(fields: "id", resolvable: false) { id: ID! } ${more}
     "A text." type Review { "Who wrote it." by: ${type} } ${query('"The latest." review: Review!')}`;
  const union = '"A machine." type Bot { "Its key." id: ID! } "Who writes." union Author = Bot | User';
  const named = '"It has a key." interface Keyed { "Its key." id: ID! }';
  expect(lint(users, author('Author', union))).toEqual([]);
  expect(lint(users, author('Author!', union))).toEqual(['CROSS_SUBGRAPH_NON_NULL Review.by']);
  expect(lint(users, author('[Keyed]', named, 'implements Keyed'))).toEqual([]);
  expect(lint(users, author('[Keyed!]', named, 'implements Keyed'))).toEqual([
    'CROSS_SUBGRAPH_NON_NULL Review.by',
  ]);
});

test('CROSS_SUBGRAPH_NON_NULL: a field that two subgraphs share is as its owner has it', () => {
  const shared = 'type User @key(fields: "id") { id: ID! "To show." name: String! @shareable }';
  expect(lint(users, shared)).toEqual([]);
});

test('CROSS_SUBGRAPH_NON_NULL: an entity of its own may be non-null', () => {
  expect(
    lint(users, `"A cat." type Cat @key(fields: "id") { "Its key." id: ID! } ${query('"A." cat: Cat!')}`),
  ).toEqual([]);
});

test('REQUIRES_WITH_ARGUMENTS: @requires on a field that takes arguments', () => {
  const initial = (args: string, directive = '@requires') =>
    `type User @key(fields: "id") { id: ID! name: String! @external "First letters." initials${args}: String ${directive}(fields: "name") }`;
  expect(lint(users, initial(''))).toEqual([]);
  expect(lint(users, initial('("How many." length: Int)'))).toEqual([
    'REQUIRES_WITH_ARGUMENTS User.initials',
  ]);
  expect(lint(users, initial('("How many." length: Int)', '@federation__requires'))).toEqual([
    'REQUIRES_WITH_ARGUMENTS User.initials',
  ]);
});

test('ENTITY_OWNER: exactly one subgraph describes an entity', () => {
  const stub = 'type User @key(fields: "id") { id: ID! }';
  expect(lint(users, stub, stub)).toEqual([]);
  expect(lint(users, `"Somebody." ${stub.replace('id: ID!', '"The key." id: ID!')}`)).toEqual([
    'ENTITY_OWNER User',
  ]);
  expect(lint(users.replace('"A person."', ''), stub)).toEqual(['ENTITY_OWNER User']);
});

test('UNREACHABLE_TYPE: what no field, argument, entity or interface leads to', () => {
  expect(lint(`${users} "Kinds." enum Kind { "One." ONE }`)).toEqual(['UNREACHABLE_TYPE Kind']);
  const named = '"Named." interface Named { "A name." name: String }';
  const thing = '"A thing." type Thing implements Named { "A name." name: String }';
  expect(lint(`${named} ${thing} ${query('"One." one: Named')}`)).toEqual([]);
  expect(lint(`${named} ${thing} ${users}`)).toEqual(['UNREACHABLE_TYPE Named', 'UNREACHABLE_TYPE Thing']);
});

test('a schema that is no GraphQL is left to the composition', () => {
  expect(lint(users, 'type {')).toEqual([]);
});
