import { openEmbeddedDocuments } from '@shop/shared/documents/embedded/open-embedded-documents';
import { interceptDocuments } from '@shop/shared/documents/intercept-documents';
import { createTokenVerifier } from '@shop/shared/identity/token-verifier';
import { silentLog } from '@shop/shared/process/log';
import { UnavailableError } from '@shop/shared/unavailable';
import { GraphQLError } from 'graphql';
import { expect, test } from 'vitest';
import { createIssueAccessToken } from './issue-access-token.ts';
import { keyTimings } from './key-schedule.ts';
import { createKeysCipher } from './keys-cipher.ts';
import { ownKeys } from './own-keys.ts';
import { rotateKeys } from './rotate-keys.ts';
import { createSigningKeyStore } from './signing-key-store.ts';
import { openSigningKeys } from './signing-keys.ts';

const secrets = ['a secret of the test of own keys'];

/** Two processes on one database, the second of which has rotated; `here` is the first, which has not looked since. */
async function openTwo() {
  let nowMs = Date.UTC(2026, 0, 31);
  let reads = 0;
  let isAway = false;
  const clock = () => new Date(nowMs);
  const stored = openEmbeddedDocuments({ file: ':memory:' });
  const documents = interceptDocuments(stored, (_, run) => {
    reads++;
    return isAway ? Promise.reject(new UnavailableError('the database is away')) : run();
  });
  const here = await openSigningKeys(documents, { clock, secrets, log: silentLog });
  const store = createSigningKeyStore(stored, createKeysCipher(secrets), keyTimings);
  await rotateKeys(store, { clock, timings: keyTimings, isLeaked: true });
  const there = await openSigningKeys(stored, { clock, secrets, log: silentLog });
  const issue = createIssueAccessToken({ keys: there, clock, newId: () => crypto.randomUUID() });
  const verify = createTokenVerifier(
    ownKeys(here, () => nowMs),
    () => nowMs,
  );
  reads = 0;
  return {
    issue,
    reads: () => reads,
    pass: (ms: number) => (nowMs += ms),
    goAway: (away: boolean) => (isAway = away),
    outcomeOf: async (token: string) => {
      try {
        return (await verify(token)).userId;
      } catch (error) {
        return error instanceof GraphQLError ? error.extensions.code : error;
      }
    },
  };
}

/** As a token of a key that nobody has. */
function withKid(token: string, kid: string): string {
  const [head = '', ...rest] = token.split('.');
  const header = { ...JSON.parse(Buffer.from(head, 'base64url').toString()), kid };
  return [Buffer.from(JSON.stringify(header)).toString('base64url'), ...rest].join('.');
}

test('tokens of a key that another process has stored since are good at once, and cost one look', async () => {
  const { issue, outcomeOf, reads } = await openTwo();
  const tokens = await Promise.all(['ann', 'bob', 'cyd'].map(issue));
  expect(await Promise.all(tokens.map(outcomeOf))).toEqual(['ann', 'bob', 'cyd']);
  expect(reads()).toBe(1);
});

test('invented keys are looked for once per cooldown', async () => {
  const { issue, outcomeOf, reads, pass } = await openTwo();
  const token = await issue('ann');
  for (let n = 0; n < 5; n++)
    expect(await outcomeOf(withKid(token, `invented ${n}`))).toBe('UNAUTHENTICATED');
  const once = reads();
  expect(once).toBeGreaterThan(0);
  pass(4_999);
  await outcomeOf(withKid(token, 'invented'));
  expect(reads()).toBe(once);
  pass(1);
  await outcomeOf(withKid(token, 'invented'));
  expect(reads()).toBe(2 * once);
});

test('while the database is away an unknown key says nothing about its token', async () => {
  const { issue, outcomeOf, goAway, pass } = await openTwo();
  const token = await issue('ann');
  goAway(true);
  for (let n = 0; n < 2; n++) expect(await outcomeOf(token)).toBe('SERVICE_UNAVAILABLE');
  goAway(false);
  pass(5_000);
  expect(await outcomeOf(token)).toBe('ann');
});
