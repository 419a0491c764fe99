import { parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { findExcess } from './document-scan.ts';

const limits = { tokens: 30, depth: 3, aliases: 2, directives: 2 };
const codeOf = (text: string) => findExcess(text, limits)?.code ?? null;

describe('what is as much as is allowed, or only looks like more', () => {
  test.each([
    ['depth', '{ a { ... on B { c } } }'],
    ['depth beside one another', '{ a { b { c } } d { e { f } } }'],
    ['arguments do not deepen selections', '{ a(b: { c: {} }) { e(f: [[1]]) { g } } }'],
    ['names of arguments and of their fields are no aliases', '{ a(b: 1, c: { d: 1, e: 2 }) }'],
    ['types of variables are no aliases', 'query ($a: A, $b: B, $c: C = { d: 1 }) { a }'],
    ['aliases', '{ a: b c: d }'],
    ['directives', '{ a @b @c }'],
    ['strings', '{ a(b: "{{{{ @@@ x: y: z:", c: """{{{{ @@@""") }'],
    ['comments', `# {{{{ @@@ a: b: c: ${'d '.repeat(40)}\n{ a }`],
    ['tokens', `{ ${'a '.repeat(28)}}`],
  ])('%s', (_, text) => {
    expect(() => parse(text)).not.toThrow();
    expect(codeOf(text)).toBeNull();
  });
});

describe('what is more', () => {
  test.each([
    ['{ a { b { c { d } } } }', 'MAX_DEPTH_LIMIT'],
    ['{ a { ... { ... { b } } } }', 'MAX_DEPTH_LIMIT'],
    ['{ a(b: { c: { d: {} } }) }', 'MAX_DEPTH_LIMIT'],
    ['{ a(b: [[[1]]]) }', 'MAX_DEPTH_LIMIT'],
    ['query ($a: [[[A]]]) { a }', 'MAX_DEPTH_LIMIT'],
    ['{ a: b c { d: e } } fragment F on G { h: i }', 'MAX_ALIASES_LIMIT'],
    ['{ a(b: 1) c: d e(f: 2) { g: h i: j } }', 'MAX_ALIASES_LIMIT'],
    ['query @a { b @c } fragment D on E @f { g }', 'MAX_DIRECTIVES_LIMIT'],
    [`{ ${'a '.repeat(29)}}`, 'MAX_TOKENS_LIMIT'],
    // It is found before what is no GraphQL.
    ['{{{{ " ', 'MAX_DEPTH_LIMIT'],
  ])('%s', (text, code) => {
    expect(codeOf(text)).toBe(code);
  });
});

test.each(['', '}', ')))) { a }', '{ a(b: "', '{ ? }', '{ a } } } }'])('%j is left to the parser', (text) => {
  expect(() => parse(text)).toThrow();
  expect(codeOf(text)).toBeNull();
});
