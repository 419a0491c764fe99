import { createHash } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { withFileLock } from '@shop/shared/process/file-lock';
import type { Store } from './store.ts';

/** A write takes milliseconds: whoever holds the lock for longer is stopped in its middle. */
const lockWaitMs = 5_000;

/**
 * A store in a directory, which is made at the first write. A file is replaced by rename, so a reader sees the old text
 * or the new one and needs no lock. Of two writers in any processes, one compares after the other has replaced.
 */
export function openDirectoryStore(directory: string): Store {
  const root = resolve(directory);
  return {
    address: root,
    async read(key) {
      const text = readText(join(root, key));
      return text === null ? null : { text, version: versionOf(text) };
    },
    async write(key, text, expectedVersion) {
      mkdirSync(root, { recursive: true });
      return withFileLock(join(root, '.lock'), lockWaitMs, () => {
        const current = readText(join(root, key));
        const version = current === null ? null : versionOf(current);
        if (version !== expectedVersion) return 'conflict';
        replace(root, key, text);
        return 'written';
      });
    },
  };
}

/** Only the holder of the lock makes a draft, so that a crash leaves one at most, and the next write removes it. */
function replace(root: string, key: string, text: string): void {
  const draft = join(root, '.draft');
  const file = join(root, key);
  rmSync(draft, { force: true });
  writeFileSync(draft, text, { flush: true });
  if (mkdirSync(dirname(file), { recursive: true }) !== undefined) flushDirectory(root);
  renameSync(draft, file);
  flushDirectory(dirname(file));
}

/** Makes names in a directory outlive a loss of power (fsync(2)). */
function flushDirectory(directory: string): void {
  const descriptor = openSync(directory, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

const versionOf = (text: string) => createHash('sha256').update(text).digest('hex');
