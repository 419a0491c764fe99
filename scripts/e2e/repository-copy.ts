import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** This repository as it is now, in a folder of its own, for a test to change. */
export interface RepositoryCopy {
  root: string;
  /** Links what the manifests ask for, as an install would: our packages to this copy, the others to those installed here. */
  linkPackages(): void;
  remove(): void;
}

const original = fileURLToPath(new URL('../..', import.meta.url));
const leftOut = /(^|\/)(node_modules|\.git|\.data|\.cache)(\/|$)/;
const manifests = '{.,contracts,router,subgraphs/*}/package.json';

export function copyRepository(): RepositoryCopy {
  const root = mkdtempSync(join(tmpdir(), 'shop-copy-'));
  cpSync(original, root, {
    recursive: true,
    filter: (path) => !leftOut.test(relative(original, path)),
  });
  const copy: RepositoryCopy = {
    root,
    linkPackages: () => linkPackages(root),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
  copy.linkPackages();
  return copy;
}

function linkPackages(root: string): void {
  const packages = globSync(manifests, { cwd: root }).map((path) => {
    const { name, dependencies, devDependencies } = JSON.parse(readFileSync(join(root, path), 'utf8'));
    const needs = Object.keys({ ...dependencies, ...devDependencies });
    return { name: String(name), folder: dirname(path), needs };
  });
  const own = new Map(packages.map(({ name, folder }) => [name, join(root, folder)]));
  for (const { folder, needs } of packages) {
    for (const name of needs)
      link(own.get(name) ?? installed(name, folder), join(root, folder, 'node_modules', name));
  }
}

function link(target: string, path: string): void {
  if (existsSync(path)) return;
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
}

/** The package that this folder has here, or for a new folder the one that another has. */
function installed(name: string, folder: string): string {
  const others = globSync('{.,router,subgraphs/*}', { cwd: original });
  const found = [folder, ...others]
    .map((each) => join(original, each, 'node_modules', name))
    .find((path) => existsSync(path));
  if (found === undefined) throw new Error(`${name} is not installed`);
  return found;
}
