import { type FSWatcher, watch } from 'node:fs';
import { join } from 'node:path';

export interface Watched {
  /** From the root. */
  folder: string;
  /** Whether the folders in it count, too. */
  deep: boolean;
}

/** An editor writes a file in several steps, and `git checkout` many files. */
const settleMs = 100;

/**
 * Tells of changed files below the root, by their paths from it; those that change within a moment together. The next
 * call waits until the one before has ended. Folders are watched, since editors put new files into the place of old ones.
 */
export function watchFolders(
  root: string,
  watched: readonly Watched[],
  onChange: (paths: readonly string[]) => Promise<void>,
): { close(): void } {
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let telling: Promise<void> = Promise.resolve();
  let isClosed = false;

  const tell = () => {
    telling = telling.then(async () => {
      const paths = [...changed];
      changed.clear();
      if (paths.length > 0 && !isClosed) await onChange(paths);
    });
  };
  const watchers = watched.map(({ folder, deep }): FSWatcher => {
    const watcher = watch(join(root, folder), { recursive: deep }, (_, name) => {
      const path = join(folder, name ?? '');
      if (name === null || isNoSource(path)) return;
      changed.add(path);
      clearTimeout(timer);
      timer = setTimeout(tell, settleMs);
    });
    return watcher;
  });
  return {
    close() {
      isClosed = true;
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
    },
  };
}

/** What `npm run compose` writes, tests, and what editors leave beside a file while they write it. */
function isNoSource(path: string): boolean {
  if (/^contracts\/\w+\.graphql$/.test(path)) return true;
  return !/\.(ts|graphql|json)$/.test(path) || /\.test\.ts$|(^|\/)\./.test(path);
}
