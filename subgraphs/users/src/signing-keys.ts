import type { Documents } from '@shop/shared/documents/port';
import { accessTokens } from '@shop/shared/identity/access-token';
import type { Logger } from '@shop/shared/process/log';
import { type CryptoKey, importJWK, type JSONWebKeySet } from 'jose';
import { type KeyTimings, keyTimings, signerAt, trustedAt } from './key-schedule.ts';
import { createKeysCipher, type KeysCipher } from './keys-cipher.ts';
import { createSigningKeyStore, type StoredKey } from './signing-key-store.ts';

/** The keys of this shop, as the clock and the last look at the database say. */
export interface SigningKeys {
  /** The key that signs now. */
  signer(): { kid: string; privateKey: CryptoKey };
  /** The public parts that tokens are verified with now. */
  published(): JSONWebKeySet;
  /** Takes up what other processes have stored; removes what has retired. */
  refresh(): Promise<void>;
}

export interface SigningKeysOptions {
  clock: () => Date;
  /** As `createKeysCipher`. */
  secrets: readonly string[];
  log: Logger;
  timings?: KeyTimings;
}

// Long enough that no process, whatever its clock, still trusts a key whose document is gone.
const keepRetiredMs = 3_600_000;

type OpenedKey = StoredKey & { privateKey: CryptoKey };

/** The keys in the database; the first is made and stored by whoever starts first. */
export async function openSigningKeys(
  documents: Documents,
  { clock, secrets, log, timings = keyTimings }: SigningKeysOptions,
): Promise<SigningKeys> {
  const cipher = createKeysCipher(secrets);
  const store = createSigningKeyStore(documents, cipher, timings);
  const nowMs = () => clock().getTime();
  let opened: OpenedKey[] = [];

  async function refresh(): Promise<void> {
    const stored = await store.list();
    if (stored.length === 0) throw new Error('the collection signing_keys is empty: it was replaced');
    opened = await Promise.all(stored.map((key) => openKey(key, opened, cipher)));
    await store.removeRetired(stored, nowMs() - keepRetiredMs);
  }

  await makeFirstKey(store, clock(), timings);
  await refresh();
  if (signerOf(opened, nowMs()).hidden.kind === 'plain') {
    log.warn(
      'the signing key is that of release 0.1, which is not encrypted: run keys:rotate after the upgrade',
    );
  }
  return {
    signer: () => signerOf(opened, nowMs()),
    published: () => ({ keys: trustedAt(opened, nowMs()).map(({ publicKey }) => publicKey) }),
    refresh,
  };
}

async function makeFirstKey(
  store: ReturnType<typeof createSigningKeyStore>,
  now: Date,
  { keepForMs }: KeyTimings,
): Promise<void> {
  if ((await store.list()).length > 0) return;
  const retiresEarlierAt = new Date(now.getTime() + keepForMs);
  // Whoever loses reads the winner's.
  await store.insertNext([], { createdAt: now, signsFrom: now, retiresEarlierAt });
}

function signerOf(opened: readonly OpenedKey[], nowMs: number): OpenedKey {
  const signer = signerAt(opened, nowMs);
  if (!signer) throw new Error('no signing key is open');
  return signer;
}

async function openKey(key: StoredKey, known: OpenedKey[], cipher: KeysCipher): Promise<OpenedKey> {
  const before = known.find(({ kid }) => kid === key.kid);
  if (before) return { ...key, privateKey: before.privateKey };
  const { hidden, kid } = key;
  const jwk = hidden.kind === 'plain' ? hidden.privateKey : await cipher.decrypt(kid, hidden.jwe);
  const privateKey = await importJWK(jwk, accessTokens.algorithm);
  if (privateKey instanceof Uint8Array) throw new Error(`the signing key ${key._id} is broken`);
  return { ...key, privateKey };
}
