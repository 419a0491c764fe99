import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** As for API_SECRET and KEYS_SECRET. */
const apiSecretMinLength = 16;
const keysSecretMinLength = 32;

/**
 * The admin's key of an embedded shop: made at the first start and kept in DATA_DIR, readable by its owner only.
 * Throws an error that names the file when what is kept there is too short for a secret.
 */
export function keepApiSecret(dataDir: string): string {
  return keepSecret(dataDir, 'api-secret', apiSecretMinLength);
}

/** As keepApiSecret: what the signing keys of an embedded shop are encrypted with. */
export function keepKeysSecret(dataDir: string): string {
  return keepSecret(dataDir, 'keys-secret', keysSecretMinLength);
}

/** The secret of a shop that was started; throws an error that says where it was looked for. */
export function readKeptKeysSecret(dataDir: string): string {
  const file = join(dataDir, 'keys-secret');
  const kept = readIfThere(file);
  if (kept !== null) return kept;
  throw new Error(`Set KEYS_SECRET to that of Users: there is no ${file} of an embedded shop.`);
}

function keepSecret(dataDir: string, name: string, minLength: number): string {
  const file = join(dataDir, name);
  const kept = readIfThere(file);
  if (kept === null) return makeSecret(dataDir, file);
  if (kept.length >= minLength) return kept;
  throw new Error(`${file} holds no secret of at least ${minLength} characters: remove it to get a new one`);
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/**
 * Linked into its place when it is whole, so that a crash leaves no empty secret, with which anybody would be the
 * admin, and a second shop that starts at the same time does not replace it.
 */
function makeSecret(dataDir: string, file: string): string {
  mkdirSync(dataDir, { recursive: true });
  const secret = randomBytes(24).toString('base64url');
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, `${secret}\n`, { mode: 0o600 });
  try {
    linkSync(temporary, file);
  } finally {
    rmSync(temporary);
  }
  return secret;
}
