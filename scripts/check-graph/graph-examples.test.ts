import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkGraph } from './check-graph.ts';
import { readGraphExample } from './graph-example.ts';
import { knownBreakingCodes } from './use-of-change.ts';

const folder = join(import.meta.dirname, '../../contracts/graph-examples');
const filesOf = (kind: string) => readdirSync(join(folder, kind)).filter((file) => file.endsWith('.yaml'));

async function verdictOn(path: string) {
  const example = readGraphExample(join(folder, path));
  const { ok, findings } = await checkGraph(example.input);
  const errors = findings.filter(({ severity }) => severity === 'error');
  for (const text of example.says) expect(findings.map(({ message }) => message).join('\n')).toContain(text);
  if (example.affects) {
    const affected = new Set(errors.flatMap(({ operations = [] }) => operations));
    expect([...affected].sort()).toEqual([...example.affects].sort());
  }
  return { example, ok, errors, codes: [...new Set(errors.map(({ code }) => code))].sort() };
}

describe('the check refuses, for exactly this reason', () => {
  test.each(filesOf('refused'))('%s', async (file) => {
    const { example, ok, codes, errors } = await verdictOn(`refused/${file}`);
    expect(example.codes).not.toEqual([]);
    expect(codes, JSON.stringify(errors, null, 2)).toEqual([...example.codes].sort());
    expect(ok).toBe(false);
    expect(example.codes).toContain(file.replace(/(-.*)?\.yaml$/, ''));
  });
});

describe('the check accepts', () => {
  test.each(filesOf('accepted'))('%s', async (file) => {
    const { example, ok, errors } = await verdictOn(`accepted/${file}`);
    expect(example.codes).toEqual([]);
    expect(errors).toEqual([]);
    expect(ok).toBe(true);
  });
});

/** Apollo composes no graph in which these could happen: the root of queries has one name, and @oneOf is unknown. */
const cannotHappen = ['SCHEMA_QUERY_TYPE_CHANGED', 'DIRECTIVE_USAGE_INPUT_OBJECT_ADDED'];

test('every kind of change that breaks clients has an example that is refused', () => {
  const refused = new Set(filesOf('refused').map((file) => file.replace(/(-.*)?\.yaml$/, '')));
  expect(knownBreakingCodes.filter((code) => !refused.has(code))).toEqual(cannotHappen);
});
