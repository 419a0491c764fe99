import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runInstaller } from './installer.mjs';
import { withLock } from './lock.mjs';

/** Two tries of ten minutes, and the one who waits for another's install waits for as long. */
const INSTALL_LIMIT_MS = 600_000;
const TRIES = 2;

/**
 * Makes node_modules agree with the lockfile, by pnpm, unless it does already.
 *
 * With `production` the development tools (compiler, linter, test runner) are left out, which makes a first
 * `npm start` quicker; they are added by the first verb that needs them and stay from then on.
 *
 * @returns `{ ok: true }`, or `{ ok: false, message, exitCode }` with what the user can do
 */
export async function ensureInstalled(root, { production }) {
  const lockfile = lockfileHash(root);
  if (isInstalled(root, lockfile, production)) return { ok: true };
  const lock = join(root, '.cache/install.lock');
  const onWait = (pid) =>
    console.error(`Another command (process ${pid}) is installing packages here: waiting for it …`);
  try {
    return await withLock(lock, { waitMs: 2 * INSTALL_LIMIT_MS, onWait }, async () => {
      // Whoever held the lock before us may have done our work.
      if (isInstalled(root, lockfile, production)) return { ok: true };
      return install(root, lockfile, production);
    });
  } catch (error) {
    return { ok: false, exitCode: 1, message: `Could not install: ${error.message}` };
  }
}

async function install(root, lockfile, production) {
  // Where more than production is installed already, a changed lockfile must not take the tools away.
  const onlyProduction =
    production && (!existsSync(join(root, 'node_modules')) || readStamp(root)?.scope === 'production');
  rmSync(stampFile(root), { force: true });
  const what = onlyProduction ? 'the packages to run the shop' : 'the packages, development tools included';
  console.error(`Installing ${what}: once, some 15 to 60 seconds …`);
  const startedAt = performance.now();
  let result;
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    result = await runInstaller(root, { production: onlyProduction, limitMs: INSTALL_LIMIT_MS });
    if (result.kind !== 'failed' || !result.worthRetrying) break;
    if (attempt < TRIES) console.error('The install failed; trying once more …');
  }
  if (result.kind === 'interrupted') return { ok: false, exitCode: 130, message: 'Install interrupted.' };
  if (result.kind === 'failed') return { ok: false, exitCode: 1, message: result.message };
  writeStamp(root, { lockfile, scope: onlyProduction ? 'production' : 'all' });
  console.error(`Installed in ${((performance.now() - startedAt) / 1_000).toFixed(1)} s.`);
  return { ok: true };
}

function isInstalled(root, lockfile, production) {
  const stamp = readStamp(root);
  return stamp?.lockfile === lockfile && (stamp.scope === 'all' || production);
}

/** What the install depends on: the lockfile, pnpm's settings, and the machine whose binaries are chosen. */
function lockfileHash(root) {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`);
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml']) hash.update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

const stampFile = (root) => join(root, 'node_modules/.installed.json');

function readStamp(root) {
  try {
    return JSON.parse(readFileSync(stampFile(root), 'utf8'));
  } catch {
    // Missing or half-written: as if nothing were installed.
    return undefined;
  }
}

function writeStamp(root, stamp) {
  mkdirSync(dirname(stampFile(root)), { recursive: true });
  writeFileSync(stampFile(root), JSON.stringify(stamp));
}
