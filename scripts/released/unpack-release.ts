import { execFileSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ensureInstalled } from '../run/install.mjs';
import { differingPackages, type Lockfile, linkPackages, lockfile } from './packages.ts';

const unusedForMs = 7 * 24 * 3_600_000;

/**
 * The folder that holds the tree of a commit, ready to run: its subgraphs on its own shared and contracts, and on
 * exactly the third-party packages of its own lockfile. Those are the installed ones as long as both lockfiles agree
 * on them; otherwise they are installed into the folder, which takes the network. Kept in .cache, made once.
 *
 * @throws Error when they cannot be installed; never is another version taken instead
 */
export async function unpackRelease(root: string, commit: string): Promise<string> {
  const lock = readFileSync(join(root, 'pnpm-lock.yaml'));
  // What is linked depends on what is installed, too.
  const installed = createHash('sha256').update(lock).digest('hex').slice(0, 12);
  const cache = join(root, '.cache/released');
  const folder = join(cache, `${commit}-${installed}`);
  if (existsSync(folder)) {
    utimesSync(folder, new Date(), new Date());
    return folder;
  }
  // Another process may be doing the same: each works aside, and the first to finish names the result.
  const aside = join(cache, `.${randomUUID()}`);
  mkdirSync(aside, { recursive: true });
  try {
    const tar = join(aside, '.tar');
    execFileSync('git', ['archive', '--format=tar', `--output=${tar}`, commit], { cwd: root });
    execFileSync('tar', ['-xf', tar, '-C', aside]);
    rmSync(tar);
    await providePackages(aside, root);
    renameSync(aside, folder);
    forgetUnused(cache);
  } catch (error) {
    rmSync(aside, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

/** Every release, on every lockfile, leaves a folder: those that nobody has used for a while go. */
function forgetUnused(cache: string): void {
  for (const name of readdirSync(cache)) {
    const folder = join(cache, name);
    const usedAtMs = statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - usedAtMs > unusedForMs) rmSync(folder, { recursive: true, force: true });
  }
}

async function providePackages(folder: string, root: string): Promise<void> {
  const released = readLockfile(folder);
  const differing = differingPackages(released, readLockfile(root));
  if (differing.length === 0) return linkPackages(folder, released, root);
  const result = await ensureInstalled(folder, { production: true });
  if (!result.ok) {
    throw new Error(
      `The release needs packages that are not installed here (${differing.slice(0, 5).join(', ')} …). ${result.message}`,
    );
  }
}

function readLockfile(folder: string): Lockfile {
  return lockfile.parse(parse(readFileSync(join(folder, 'pnpm-lock.yaml'), 'utf8')));
}
