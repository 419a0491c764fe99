import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Changes to the files of a folder, all of which can be taken back. */
export interface Changes {
  /** The files that were there before and say something else now. */
  changed(): string[];
  /** Writes a file, and makes its folder. */
  write(path: string, text: string): void;
  /** For what somebody else is going to write. */
  remember(path: string): void;
  /** For a folder that is not there yet, with whatever comes into it. */
  addFolder(path: string): void;
  /** All is again as it was. */
  undo(): void;
}

export function trackChanges(root: string): Changes {
  const originals = new Map<string, Buffer | null>();
  const folders: string[] = [];
  const remember = (path: string) => {
    const file = join(root, path);
    if (!originals.has(path)) originals.set(path, existsSync(file) ? readFileSync(file) : null);
  };
  return {
    changed: () =>
      [...originals]
        .filter(([path, original]) => original && !readFileSync(join(root, path)).equals(original))
        .map(([path]) => path),
    remember,
    write(path, text) {
      remember(path);
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    },
    addFolder(path) {
      if (existsSync(join(root, path))) throw new Error(`${path} is there already`);
      folders.push(path);
    },
    undo() {
      for (const [path, original] of originals) {
        if (original === null) rmSync(join(root, path), { force: true });
        else writeFileSync(join(root, path), original);
      }
      for (const path of folders) rmSync(join(root, path), { recursive: true, force: true });
    },
  };
}
