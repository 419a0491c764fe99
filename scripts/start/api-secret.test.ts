import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keepApiSecret, keepKeysSecret } from './api-secret.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'api-secret-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('keepApiSecret', () => {
  test('makes a secret once, for its owner only, and leaves nothing else', () => {
    const secret = keepApiSecret(folder);
    expect(secret).toMatch(/^[\w-]{32}$/);
    expect(keepApiSecret(folder)).toBe(secret);
    expect(readdirSync(folder)).toEqual(['api-secret']);
    expect(statSync(join(folder, 'api-secret')).mode & 0o777).toBe(0o600);
  });

  test('the secret of the signing keys is another, and longer', () => {
    const secret = keepKeysSecret(folder);
    expect(secret.length).toBeGreaterThanOrEqual(32);
    expect(keepKeysSecret(folder)).toBe(secret);
    expect(keepApiSecret(folder)).not.toBe(secret);
    writeFileSync(join(folder, 'keys-secret'), 'x'.repeat(31));
    expect(() => keepKeysSecret(folder)).toThrow('keys-secret holds no secret of at least 32');
  });

  test.each(['', '\n', 'too-short'])(
    'refuses the kept secret %j, with which anybody would be the admin',
    (kept) => {
      const file = join(folder, 'api-secret');
      writeFileSync(file, kept);
      expect(() => keepApiSecret(folder)).toThrow(`${file} holds no secret`);
      expect(readFileSync(file, 'utf8')).toBe(kept);
    },
  );

  test('says what keeps it from reading the secret', () => {
    const file = join(folder, 'not-a-folder');
    writeFileSync(file, '');
    expect(() => keepApiSecret(file)).toThrow('not-a-folder');
  });
});
