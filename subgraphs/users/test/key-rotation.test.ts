import { openEmbeddedDocuments } from '@shop/shared/documents/embedded/open-embedded-documents';
import type { Documents } from '@shop/shared/documents/port';
import { createTokenVerifier, type VerifyToken } from '@shop/shared/identity/token-verifier';
import { silentLog } from '@shop/shared/process/log';
import { createLocalJWKSet, decodeProtectedHeader, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { adapters, type OpenedDocuments } from '../../shared/test/documents-adapters.ts';
import { createRecordedLog } from '../../shared/test/recorded-log.ts';
import { createIssueAccessToken } from '../src/issue-access-token.ts';
import { keyTimings, maxTokenLifeMs } from '../src/key-schedule.ts';
import { createKeysCipher } from '../src/keys-cipher.ts';
import { rotateKeys } from '../src/rotate-keys.ts';
import { createSigningKeyStore, maxKeys } from '../src/signing-key-store.ts';
import { openSigningKeys, type SigningKeys } from '../src/signing-keys.ts';
import { keysSecrets } from './users-under-test.ts';

const startMs = Date.UTC(2026, 0, 31, 12);
const verifiersKeepMs = 300_000;
let nowMs = startMs;
const clock = () => new Date(nowMs);

interface KeyDoc {
  _id: string;
  publicKey: { kid: string };
  privateKey?: object;
  createdAt: Date;
}

const open = (documents: Documents, secrets = keysSecrets) =>
  openSigningKeys(documents, { clock, secrets, log: silentLog });

const rotate = (documents: Documents, isLeaked = false, secrets = keysSecrets) => {
  const store = createSigningKeyStore(documents, createKeysCipher(secrets), keyTimings);
  return rotateKeys(store, { clock, timings: keyTimings, isLeaked });
};

const issue = (keys: SigningKeys) =>
  createIssueAccessToken({
    keys,
    clock,
    lifeMs: maxTokenLifeMs,
    newId: () => Math.random().toString(),
  })('ann');

const kidOf = (token: string) => decodeProtectedHeader(token).kid;
const kidsOf = (keys: SigningKeys) => keys.published().keys.map(({ kid }) => kid);
const storedIds = async (documents: Documents) =>
  (await documents.collection<KeyDoc>('signing_keys').find({}, { limit: 20 }).toArray()).map(
    ({ _id }) => _id,
  );

/** The key of release 0.1, as that stored it. */
async function storeReleasedKey(documents: Documents): Promise<void> {
  const pair = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const publicKey = { ...(await exportJWK(pair.publicKey)), kid: 'released', alg: 'EdDSA', use: 'sig' };
  const privateKey = await exportJWK(pair.privateKey);
  const released = { _id: 'access-tokens-1', publicKey, privateKey, createdAt: new Date(nowMs) };
  await documents.collection<KeyDoc>('signing_keys').insertOne(released);
}

/** A verifier that asks for the keys as seldom as it may. */
function laziestVerifier(keys: SigningKeys): VerifyToken {
  let known = keys.published();
  let fetchedAtMs = nowMs;
  const find = createTokenVerifier(
    (...args) => {
      if (nowMs - fetchedAtMs >= verifiersKeepMs) {
        known = keys.published();
        fetchedAtMs = nowMs;
      }
      return createLocalJWKSet(known)(...args);
    },
    () => nowMs,
  );
  return find;
}

describe.each(adapters)('signing keys, $name', (adapter) => {
  let opened: OpenedDocuments;
  let documents: Documents;
  beforeAll(async () => {
    opened = await adapter.open();
    documents = opened.documents;
  });
  afterAll(() => opened.remove());
  beforeEach(async () => {
    nowMs = startMs;
    await documents.collection<KeyDoc>('signing_keys').deleteMany({});
  });

  test('the first start makes one key, however many processes start at once', async () => {
    const processes = await Promise.all([1, 2, 3].map(() => open(documents)));
    expect(new Set(processes.flatMap(kidsOf)).size).toBe(1);
    expect(await storedIds(documents)).toHaveLength(1);
  });

  test('with another secret Users does not start, nothing is rotated, and nothing changes', async () => {
    const keys = await open(documents);
    await expect(open(documents, ['another secret of at least 32 characters'])).rejects.toThrow(
      'KEYS_SECRET',
    );
    await expect(rotate(documents, false, ['another secret of at least 32 characters'])).rejects.toThrow(
      'KEYS_SECRET',
    );
    expect(kidsOf(await open(documents))).toEqual(kidsOf(keys));
  });

  test('a rotation: each token is good everywhere at every moment until it expires', async () => {
    const processes = [await open(documents), await open(documents)];
    const [first = ''] = kidsOf(processes[0]!);
    const verifiers = processes.map(laziestVerifier);
    const outcome = await rotate(documents);
    expect(outcome.kind).toBe('scheduled');
    const living: { token: string; expiresAtMs: number }[] = [];
    const signedBy = new Set<string | undefined>();
    const stepMs = keyTimings.pollMs;
    for (; nowMs < startMs + keyTimings.publishForMs + 2 * keyTimings.keepForMs; nowMs += stepMs) {
      // The processes look at the database one after the other, each as seldom as it may.
      await processes[(nowMs / stepMs) % 2]!.refresh();
      for (const keys of processes) {
        const token = await issue(keys);
        signedBy.add(kidOf(token));
        living.push({ token, expiresAtMs: nowMs + maxTokenLifeMs });
      }
      while (living[0] && living[0].expiresAtMs <= nowMs) living.shift();
      const sample = [...living.slice(0, 4), ...living.slice(-4)];
      for (const verify of verifiers) {
        for (const { token } of sample) expect((await verify(token)).userId).toBe('ann');
      }
    }
    const [second, ...others] = kidsOf(processes[0]!);
    expect(others).toEqual([]);
    expect(signedBy).toEqual(new Set([first, second]));
    expect(await storedIds(documents)).toEqual(['access-tokens-3']);
  });

  test('the new key is published at once, signs later, and retires the old one later still', async () => {
    const keys = await open(documents);
    const [first] = kidsOf(keys);
    await rotate(documents);
    await keys.refresh();
    const [, second] = kidsOf(keys);
    expect(second).toBeDefined();
    const at = async (ms: number) => {
      nowMs = startMs + ms;
      return { signs: kidOf(await issue(keys)), published: kidsOf(keys) };
    };
    const { publishForMs, keepForMs } = keyTimings;
    expect(await at(publishForMs - 1)).toEqual({ signs: first, published: [first, second] });
    expect(await at(publishForMs)).toEqual({ signs: second, published: [first, second] });
    expect(await at(publishForMs + keepForMs - 1)).toEqual({ signs: second, published: [first, second] });
    expect(await at(publishForMs + keepForMs)).toEqual({ signs: second, published: [second] });
    // A process that starts now sees what one sees that has been there all the time.
    const later = await open(documents);
    expect(kidsOf(later)).toEqual([second]);
  });

  test('asked for again, or by several at once, it is one rotation', async () => {
    await open(documents);
    const outcomes = await Promise.all([rotate(documents), rotate(documents), rotate(documents)]);
    nowMs += 1_000;
    outcomes.push(await rotate(documents));
    expect(await storedIds(documents)).toHaveLength(2);
    expect(outcomes.filter(({ kind }) => kind === 'scheduled')).toHaveLength(1);
    expect(outcomes.filter(({ kind }) => kind === 'alreadyScheduled')).toHaveLength(3);
  });

  test('a rotation is refused while too many keys are there, and where there are none', async () => {
    expect(await rotate(documents)).toEqual({ kind: 'noKeys' });
    await open(documents);
    for (let n = 1; n < maxKeys; n++) {
      expect((await rotate(documents)).kind).toBe('scheduled');
      nowMs += keyTimings.publishForMs;
    }
    expect(await rotate(documents)).toEqual({ kind: 'tooManyKeys' });
    expect(await storedIds(documents)).toHaveLength(maxKeys);
  });

  test('after a leak the new key signs and the old one proves nothing, at once', async () => {
    const keys = await open(documents);
    const stolen = await issue(keys);
    await rotate(documents);
    expect((await rotate(documents, true)).kind).toBe('scheduled');
    await keys.refresh();
    expect(kidOf(await issue(keys))).not.toBe(kidOf(stolen));
    expect(kidsOf(keys)).not.toContain(kidOf(stolen));
    expect(kidsOf(keys)).toContain(kidOf(await issue(keys)));
  });
});

describe('the key of release 0.1', () => {
  let documents: Documents;
  beforeEach(() => {
    nowMs = startMs;
    documents = openEmbeddedDocuments({ file: ':memory:' });
  });

  test('goes on signing, as it lies, so that processes of that release run beside these and after them', async () => {
    await storeReleasedKey(documents);
    const before = await documents.collection<KeyDoc>('signing_keys').find({}, { limit: 9 }).toArray();
    const recorded = createRecordedLog();
    const keys = await openSigningKeys(documents, { clock, secrets: keysSecrets, log: recorded.log });
    expect(kidOf(await issue(keys))).toBe('released');
    expect(await documents.collection<KeyDoc>('signing_keys').find({}, { limit: 9 }).toArray()).toEqual(
      before,
    );
    expect(recorded.text()).toContain('keys:rotate');
    await documents.close();
  });

  test('is replaced by an encrypted one with the first rotation, and is gone after it', async () => {
    await storeReleasedKey(documents);
    const keys = await open(documents);
    const token = await issue(keys);
    await rotate(documents);
    await keys.refresh();
    nowMs += keyTimings.publishForMs;
    expect(kidOf(await issue(keys))).not.toBe('released');
    const verify = createTokenVerifier(createLocalJWKSet(keys.published()), () => nowMs);
    expect((await verify(token)).userId).toBe('ann');
    nowMs += keyTimings.keepForMs + 3_600_000;
    await keys.refresh();
    const stored = await documents.collection<KeyDoc>('signing_keys').find({}, { limit: 9 }).toArray();
    expect(stored.map(({ _id, privateKey }) => [_id, privateKey])).toEqual([['access-tokens-2', undefined]]);
    await documents.close();
  });

  test('made by a process of that release after a rollback, it is taken up: it signs, the others stay', async () => {
    const keys = await open(documents);
    const token = await issue(keys);
    nowMs += 60_000;
    await storeReleasedKey(documents);
    await keys.refresh();
    expect(kidOf(await issue(keys))).toBe('released');
    expect(kidsOf(keys)).toContain(kidOf(token));
    await documents.close();
  });
});

// What a token of that release looks like is what issue-access-token.ts writes, but for an hour.
test('a token of release 0.1 verifies with the key of that release', async () => {
  nowMs = startMs;
  const documents = openEmbeddedDocuments({ file: ':memory:' });
  await storeReleasedKey(documents);
  const keys = await open(documents);
  const issuedAt = nowMs / 1000;
  const token = await new SignJWT({ userId: 'ann' })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: 'released' })
    .setIssuer('urn:shop:users')
    .setAudience('urn:shop:graph')
    .setSubject('ann')
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + 3_600)
    .setJti('one')
    .sign(keys.signer().privateKey);
  const verify = createTokenVerifier(createLocalJWKSet(keys.published()), () => nowMs);
  nowMs += 3_599_000;
  expect((await verify(token)).userId).toBe('ann');
  await documents.close();
});
