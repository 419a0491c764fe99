import { randomUUID } from 'node:crypto';
import {
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const TOUCH_EVERY_MS = 2_000;
/** A holder that has not touched its lock for this long is gone, on whatever machine it ran. */
const STALE_AFTER_MS = 30_000;
const RETRY_EVERY_MS = 200;

/**
 * Runs the work while holding the lock file, so that only one process of a clone does it at a time.
 *
 * @param file the lock, made and removed here
 * @param waitMs how long to wait for another holder; an Error is thrown after that
 * @param onWait called once, with the holder's pid, when there is somebody to wait for
 */
export async function withLock(file, { waitMs, onWait }, work) {
  const owner = JSON.stringify({ pid: process.pid, host: hostname(), token: randomUUID() });
  await acquire(file, owner, waitMs, onWait);
  const touch = setInterval(
    () => ignoring('ENOENT', () => utimesSync(file, new Date(), new Date())),
    TOUCH_EVERY_MS,
  );
  const release = () => {
    if (ignoring('ENOENT', () => readFileSync(file, 'utf8')) === owner) rmSync(file, { force: true });
  };
  process.once('exit', release);
  try {
    return await work();
  } finally {
    clearInterval(touch);
    process.off('exit', release);
    release();
  }
}

async function acquire(file, owner, waitMs, onWait) {
  mkdirSync(dirname(file), { recursive: true });
  const deadline = Date.now() + waitMs;
  let told = false;
  while (!create(file, owner)) {
    const holder = ignoring('ENOENT', () => readFileSync(file, 'utf8'));
    if (holder === undefined) continue;
    if (isStale(file, holder)) {
      takeAway(file, holder);
      continue;
    }
    if (Date.now() > deadline) throw new Error(`${file} is still held by process ${pidOf(holder)}`);
    if (!told) onWait(pidOf(holder));
    told = true;
    await sleep(RETRY_EVERY_MS);
  }
}

/** Makes the lock with its content in one step; false when there is one already. */
function create(file, owner) {
  const draft = `${file}.${randomUUID()}`;
  writeFileSync(draft, owner);
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function isStale(file, holder) {
  const touchedAt = ignoring('ENOENT', () => statSync(file).mtimeMs) ?? Date.now();
  if (Date.now() - touchedAt > STALE_AFTER_MS) return true;
  const { pid, host } = parse(holder);
  return host === hostname() && !lives(pid);
}

/** Removes a stale lock. Somebody else may have replaced it since: theirs is put back. */
function takeAway(file, holder) {
  const aside = `${file}.${randomUUID()}`;
  if (ignoring('ENOENT', () => renameSync(file, aside) ?? true) === undefined) return;
  if (readFileSync(aside, 'utf8') !== holder) ignoring('EEXIST', () => linkSync(aside, file));
  rmSync(aside, { force: true });
}

function parse(holder) {
  try {
    return JSON.parse(holder);
  } catch {
    return {};
  }
}

const pidOf = (holder) => parse(holder).pid ?? 'unknown';

function lives(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** The action's result, or undefined when it fails with this code. */
function ignoring(code, action) {
  try {
    return action();
  } catch (error) {
    if (error.code !== code) throw error;
    return undefined;
  }
}
