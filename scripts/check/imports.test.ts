import { expect, test } from 'vitest';
import { importsOf, withoutComments } from './imports.ts';

test.each([
  ["import { a } from 'm';", 'm'],
  ["import {\n  a,\n  b,\n} from 'm';", 'm'],
  ["import type { A } from 'm';", 'm'],
  ["import * as all from 'm';", 'm'],
  ["import 'm';", 'm'],
  ["export { a } from 'm';", 'm'],
  ["export * from 'm';", 'm'],
  ["const m = await import('m');", 'm'],
  ["const m = require('m');", 'm'],
  ["const glob = '**/*.ts'; // http://\nimport m from 'm';", 'm'],
])('finds the module of %j', (source, module) => {
  expect(importsOf(source).map((found) => found.module)).toEqual([module]);
});

test.each(["// import 'm';", "/* import a from 'm'; */", 'export const a = 1;'])(
  'finds none in %j',
  (source) => {
    expect(importsOf(source)).toEqual([]);
  },
);

test('a comment sign inside a string begins no comment', () => {
  expect(withoutComments("a('http://b'); // c")).toBe("a('http://b');  ");
});
