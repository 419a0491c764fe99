import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findGitBase, listAtRevision, readAtRevision } from './git-base.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'git-base-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function git(...args: string[]): string {
  const who = ['-c', 'user.name=test', '-c', 'user.email=test@127.0.0.1', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [...who, ...args], { cwd: root, encoding: 'utf8', stdio: 'pipe' }).trim();
}

function commit(name: string, text: string): string {
  mkdirSync(join(root, 'part/folder/below'), { recursive: true });
  writeFileSync(join(root, 'part/folder', name), text);
  git('add', '.');
  git('commit', '-qm', name);
  return git('rev-parse', 'HEAD');
}

describe('findGitBase', () => {
  test('is where the branch left main', () => {
    git('init', '-qb', 'main');
    const parted = commit('a', '1');
    git('switch', '-qc', 'branch');
    commit('a', '2');
    git('switch', '-q', 'main');
    commit('b', '3');
    git('switch', '-q', 'branch');
    expect(findGitBase(root)).toMatchObject({ kind: 'revision', revision: parted });
  });

  test("falls back on the remote's main", () => {
    git('init', '-qb', 'branch');
    const parted = commit('a', '1');
    git('update-ref', 'refs/remotes/origin/main', parted);
    commit('a', '2');
    expect(findGitBase(root)).toMatchObject({ kind: 'revision', revision: parted });
  });

  test('is what is asked for', () => {
    git('init', '-qb', 'main');
    const first = commit('a', '1');
    commit('a', '2');
    expect(findGitBase(root, 'HEAD~1')).toEqual({ kind: 'revision', revision: first, from: 'HEAD~1' });
  });

  test.each(['nowhere', '--all', '', 'HEAD:part'])('there is none at %j', (requested) => {
    git('init', '-qb', 'main');
    commit('a', '1');
    expect(findGitBase(root, requested)).toMatchObject({ kind: 'none', isFine: false });
  });

  test('of a pull request it is where the branch left its target', () => {
    git('init', '-qb', 'release');
    const parted = commit('a', '1');
    git('switch', '-qc', 'main');
    const ahead = commit('a', '2');
    git('switch', '-qc', 'branch');
    commit('a', '3');
    expect(findGitBase(root, undefined, 'release')).toMatchObject({ revision: parted });
    expect(findGitBase(root)).toMatchObject({ revision: ahead });
    expect(findGitBase(root, undefined, 'gone')).toMatchObject({ kind: 'none', isFine: false });
  });

  test('outside of git, and where there is no main, nothing is to be compared with', () => {
    expect(findGitBase(root)).toMatchObject({ isFine: true, reason: expect.stringContaining('git') });
    expect(findGitBase(root, undefined, 'main')).toMatchObject({ isFine: false });
    git('init', '-qb', 'other');
    expect(findGitBase(root)).toMatchObject({ isFine: true });
    commit('a', '1');
    expect(findGitBase(root)).toMatchObject({ isFine: true, reason: expect.stringContaining('main') });
  });

  test('where the history is cut off, it could not be told what has changed', () => {
    git('init', '-qb', 'main');
    commit('a', '1');
    git('switch', '-q', '--orphan', 'branch');
    commit('b', '2');
    expect(findGitBase(root)).toMatchObject({ kind: 'none', isFine: false });
  });
});

test('files are listed and read as they were, also from a folder of the repository', () => {
  git('init', '-qb', 'main');
  commit('below/c', 'deep');
  const revision = commit('a ü', 'then');
  commit('a ü', 'now');
  const part = join(root, 'part');
  expect(listAtRevision(part, revision, 'folder')).toEqual(['a ü', 'below']);
  expect(listAtRevision(part, revision, 'nothing')).toEqual([]);
  expect(readAtRevision(part, revision, 'folder/a ü')).toBe('then');
  expect(readAtRevision(part, revision, 'folder/b')).toBeNull();
  expect(() => readAtRevision(part, 'nowhere', 'folder/b')).toThrow('nowhere');
});
