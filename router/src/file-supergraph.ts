import { type FSWatcher, watch } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { maxSupergraphBytes, type SupergraphSource } from './supergraph-source.ts';

/** A file that is written in several steps is read when it has been quiet for so long. */
const settleMs = 50;

/**
 * A supergraph in a file. Whoever writes it renames a whole file into its place; one that is written in place may be
 * read in the middle, is then refused as no supergraph, and read again. Its folder is watched, since a file that takes
 * another's place is another file; where watching does not work, as on some network drives, polling does.
 */
export function createFileSupergraph({ path, pollMs }: { path: string; pollMs: number }): SupergraphSource {
  let last: string | null = null;
  let hasChanged = false;
  let onChange = () => {};
  let watcher: FSWatcher | null = null;

  /** From before the first read on, so that no change falls between a read and the wait for the next change. */
  function ensureWatching(): void {
    if (watcher) return;
    try {
      watcher = watch(dirname(path), { persistent: false }, (_, name) => {
        if (name !== null && name !== basename(path)) return;
        hasChanged = true;
        onChange();
      });
      watcher.on('error', stopWatching);
    } catch {
      // The folder is not there, or there are too many watchers: polling goes on.
    }
  }

  function stopWatching(): void {
    watcher?.close();
    watcher = null;
  }

  return {
    name: path,
    async read() {
      ensureWatching();
      hasChanged = false;
      const { size } = await stat(path);
      if (size > maxSupergraphBytes) throw new Error(`${path} is larger than ${maxSupergraphBytes} bytes`);
      const text = await readFile(path, 'utf8');
      if (text === last) return null;
      last = text;
      return text;
    },
    async untilChange(signal) {
      const over = AbortSignal.any([signal, AbortSignal.timeout(pollMs)]);
      await new Promise<void>((resolve) => {
        onChange = resolve;
        over.addEventListener('abort', () => resolve(), { once: true });
        if (hasChanged || over.aborted) resolve();
      });
      if (hasChanged) await sleep(settleMs, undefined, { signal }).catch(() => undefined);
    },
    async close() {
      stopWatching();
    },
  };
}
