import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A repository of a test's own. */
export interface TestRepository {
  root: string;
  git(...args: string[]): string;
  /** Writes these files, commits everything and gives the commit. */
  commit(files: Record<string, string>): string;
}

/** Makes an empty repository in a folder, which is made. */
export function createRepository(root: string): TestRepository {
  mkdirSync(root, { recursive: true });
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@mail.example', ...args], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  git('init', '--quiet');
  return {
    root,
    git,
    commit(files) {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), text);
      }
      git('add', '--all');
      git('commit', '--quiet', '--message', 'a commit of the test');
      return git('rev-parse', 'HEAD');
    },
  };
}
