import { buildSchema, isObjectType } from 'graphql';
import { expect, test } from 'vitest';
import { composePublic } from './compose-public.ts';

const link = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.11", import: ["@key", "@tag", "@shareable"])`;

function publicApiOf(...sdls: string[]) {
  const subgraphs = sdls.map((sdl, index) => ({
    name: `s${index}`,
    url: `http://127.0.0.1:${4_001 + index}/graphql`,
    file: `s${index}/schema.graphql`,
    sdl: `${link}\n${sdl}`,
  }));
  return composePublic({ federationVersion: '=2.14.4', subgraphs });
}

test('what is tagged internal is not there, nor anything of federation', () => {
  const result = publicApiOf(
    `type User @key(fields: "id") { id: ID! name: String secret: Secret @tag(name: "internal") }
     type Secret @tag(name: "internal") { word: String }
     enum Kind { OPEN HIDDEN @tag(name: "internal") }
     type Query { me(kind: Kind, trace: Boolean @tag(name: "internal")): User  all: [User] @tag(name: "internal") }`,
    'type User @key(fields: "id") { id: ID! orders: [String] @tag(name: "public") }',
  );
  if (result.kind !== 'composed') throw new Error(JSON.stringify(result.problems));
  const sdl = result.apiSdl;
  expect(sdl).not.toMatch(/secret|hidden|trace|all\b|internal|join__|link__|@|_entities|_service/i);
  const user = buildSchema(sdl).getType('User');
  if (!isObjectType(user)) throw new Error('no User');
  expect(Object.keys(user.getFields())).toEqual(['id', 'name', 'orders']);
});

test('what is public and only works with something internal does not compose', () => {
  const result = publicApiOf(
    `type Secret @tag(name: "internal") { word: String } type Query { secret: Secret }`,
  );
  expect(result).toMatchObject({ kind: 'invalid', problems: [{ code: 'REFERENCED_INACCESSIBLE' }] });
});
