import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { judgeHints, readAcceptedHints } from './judge-hints.ts';

const hint = {
  code: 'INCONSISTENT_DESCRIPTION',
  message: 'Element "PageInfo" has inconsistent descriptions.',
  locations: ['a.graphql:1:1'],
};
const accepted = { code: hint.code, contains: '"PageInfo"', reason: 'each says what its cursors are' };

function codes(...args: Parameters<typeof judgeHints>) {
  return judgeHints(...args).map(({ code }) => code);
}

test('a hint is an error under its own code, with its places', () => {
  expect(judgeHints([hint], [])).toEqual([{ ...hint, severity: 'error' }]);
});

test('a hint that is accepted for a reason is none', () => {
  expect(codes([hint, hint], [accepted])).toEqual([]);
});

test.each([
  ['another code', { code: 'INCONSISTENT_ENTITY' }],
  ['another text', { contains: '"Page"' }],
  ['no reason', { reason: ' ' }],
])('an acceptance with %s accepts nothing, and is an error itself', (_what, other) => {
  expect(codes([hint], [{ ...accepted, ...other }])).toEqual([hint.code, 'UNUSED_ACCEPTANCE']);
});

test('an acceptance that no hint needs any longer is an error', () => {
  expect(codes([], [accepted])).toEqual(['UNUSED_ACCEPTANCE']);
});

test('the committed acceptances can be read; one without a reason cannot', () => {
  expect(readAcceptedHints(join(import.meta.dirname, '../../contracts/accepted-hints.yaml'))).toEqual([]);
  const folder = mkdtempSync(join(tmpdir(), 'accepted-hints-'));
  try {
    const path = join(folder, 'accepted-hints.yaml');
    writeFileSync(path, '- { code: A, contains: b, reason: because }');
    expect(readAcceptedHints(path)).toEqual([{ code: 'A', contains: 'b', reason: 'because' }]);
    writeFileSync(path, '- { code: A, contains: b, reason: " " }');
    expect(() => readAcceptedHints(path)).toThrow(/accepted-hints\.yaml: .*reason/s);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
