import { setTimeout as sleep } from 'node:timers/promises';
import { authenticateByUsers } from '@shop/shared/identity/authenticate-by-users';
import type { KeyTimings } from '@shop/users/key-schedule';
import { createKeysCipher } from '@shop/users/keys-cipher';
import { rotateKeys } from '@shop/users/rotate-keys';
import { createSigningKeyStore } from '@shop/users/signing-key-store';
import { createSubgraph as createUsers } from '@shop/users/subgraph';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { startSubgraphs } from '../start/subgraphs.ts';
import { createClient, registerUser } from './client.ts';
import { type InProcessShop, keysSecret, startInProcessShop } from './in-process-shop.ts';

// As in life, a hundred times faster: verifiers keep keys for less than a new one is published before it signs.
const verifiersKeep = { maxAgeMs: 400, cooldownMs: 100 };
const timings: KeyTimings = { pollMs: 50, publishForMs: 800, keepForMs: 3_000 };
const newTokenEveryMs = 250;
const requestEveryMs = 20;
const requests = 350;

let shop: InProcessShop;
beforeAll(async () => {
  shop = await startInProcessShop({ startSubgraphs: startWithShortTimes });
});
afterAll(() => shop.close());

const startWithShortTimes: typeof startSubgraphs = async (names, options) => {
  const { apiSecret, keysSecrets, dependenciesOf } = options;
  const own = { ...dependenciesOf('users'), apiSecret, keysSecrets, keyTimings: timings };
  // Many logins, none of which is about passwords.
  const passwords = { hash: async () => 'hash', verify: async () => true, isOutdated: () => false };
  const users = await createUsers({ ...own, passwords });
  const authenticate = authenticateByUsers({ apiSecret, usersUrl: users.url, keys: verifiersKeep });
  return Promise.all(
    names.map(async (name) => {
      if (name === 'users') return { name, subgraph: users };
      const { createSubgraph } = await import(`@shop/${name}/subgraph`);
      return { name, subgraph: await createSubgraph({ ...dependenciesOf(name), authenticate }) };
    }),
  );
};

/** Fires a request after the other, whether or not those before are answered; gives what went wrong. */
async function load(tokenNow: () => string): Promise<unknown[]> {
  const query = '{ me { _id orders(first: 1) { nodes { _id } } } }';
  const running: Promise<unknown>[] = [];
  for (let n = 0; n < requests; n++) {
    const client = createClient(shop.url, { authorization: `Bearer ${tokenNow()}` });
    running.push(
      client.get<{ me: unknown }>(query).then(
        ({ me }) => (me ? null : 'nobody'),
        (error) => error,
      ),
    );
    await sleep(requestEveryMs);
  }
  return (await Promise.all(running)).filter((problem) => problem !== null);
}

test('keys rotate three times under load, and no request fails', async () => {
  const user = await registerUser(shop);
  const login = `mutation ($name: String!) { login(input: { username: $name, password: "any" }) { access_token } }`;
  const { me } = await user.get<{ me: { username: string } }>('{ me { username } }');
  const other = await registerUser(shop);
  let token = user.token;
  const kids = new Set<string>();
  const stopping = new AbortController();
  const renewing = (async () => {
    while (!stopping.signal.aborted) {
      const answer = await createClient(shop.url).get<{ login: { access_token: string } }>(login, {
        name: me.username,
      });
      token = answer.login.access_token;
      kids.add(kidOf(token));
      await sleep(newTokenEveryMs);
    }
  })();
  const rotating = (async () => {
    const store = createSigningKeyStore(shop.documents.users, createKeysCipher([keysSecret]), timings);
    for (let n = 0; n < 3; n++) {
      await sleep(timings.publishForMs + 200);
      expect((await rotateKeys(store, { clock: () => new Date(), timings })).kind).toBe('scheduled');
    }
  })();
  const problems = await load(() => token);
  await rotating;
  stopping.abort();
  await renewing;
  expect(problems).toEqual([]);
  expect(kids.size).toBe(4);
  // The first key is gone from what is published, and what it signed is worth nothing.
  expect(await other.get('{ me { _id } }')).toEqual({ me: null });
}, 30_000);

function kidOf(token: string): string {
  return JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid;
}
