import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { adapters, type OpenedDocuments } from '../../shared/test/documents-adapters.ts';
import { createUserStore, type UserStore } from './user-store.ts';

const createdAt = new Date(0);
const ann = { _id: 'a', username: 'Ann', createdAt };
const annDoc = { ...ann, usernameKey: 'ann', passwordHash: 'hash 1' };

describe.each(adapters)('the user store, $name', (adapter) => {
  let opened: OpenedDocuments;
  let store: UserStore;
  beforeAll(async () => {
    opened = await adapter.open();
    store = createUserStore(opened.documents);
    await store.prepare();
    await store.insert(annDoc);
  });
  afterAll(() => opened.remove());

  test('can be prepared again', () => store.prepare());

  test('one name is stored once', async () => {
    expect(await store.insert({ ...annDoc, _id: 'b' })).toBe('taken');
    expect(await store.isTaken('ann')).toBe(true);
    expect(await store.isTaken('bob')).toBe(false);
  });

  test('no read gives the hash away but the two that are for checking it', async () => {
    expect(await store.findByIds(['a', 'nobody'])).toEqual([ann]);
    expect(await store.page(null, 5)).toEqual([ann]);
    expect(await store.updateProfile('a', {})).toEqual(ann);
    expect(await store.updateProfile('a', { displayName: 'A' })).toEqual({ ...ann, displayName: 'A' });
    expect(await store.updateProfile('a', { displayName: null })).toEqual(ann);
    const credentials = { user: ann, passwordHash: 'hash 1' };
    expect(await store.findCredentials('ann')).toEqual(credentials);
    expect(await store.findCredentialsById('a')).toEqual(credentials);
    expect(await store.findCredentials('bob')).toBeNull();
  });

  test('replaces the hash that was verified, and no other', async () => {
    expect(await store.replacePasswordHash('a', 'hash 0', 'hash 2')).toBe(false);
    expect(await store.replacePasswordHash('a', 'hash 1', 'hash 2')).toBe(true);
    expect(await store.replacePasswordHash('a', 'hash 1', 'hash 3')).toBe(false);
    expect((await store.findCredentialsById('a'))?.passwordHash).toBe('hash 2');
  });
});
