import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SourceFile } from './invariants.ts';

/** Every TypeScript file of ours, tests included; but not the tests of the rules, which hold examples that break them. */
export function readSourceFiles(root: string): SourceFile[] {
  return globSync('{contracts,router,scripts,subgraphs}/**/*.ts', {
    cwd: root,
    exclude: ['**/node_modules/**'],
  })
    .filter((path) => !path.includes('node_modules') && !/^scripts\/check\/.*\.test\.ts$/.test(path))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

/** The names of all packages that some package.json of the workspace depends on. */
export function readDependencies(root: string): Set<string> {
  const files = globSync('{.,contracts,router,subgraphs/*}/package.json', { cwd: root });
  const names = files.flatMap((file) => {
    const manifest = JSON.parse(readFileSync(join(root, file), 'utf8')) as Record<string, object | undefined>;
    return Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
  });
  return new Set(names);
}
