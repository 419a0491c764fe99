import { PassThrough } from 'node:stream';
import { openEmbeddedDocuments } from '@shop/shared/documents/embedded/open-embedded-documents';
import { interceptDocuments } from '@shop/shared/documents/intercept-documents';
import { createLog } from '@shop/shared/process/log';
import { UnavailableError } from '@shop/shared/unavailable';
import { afterAll, expect, test } from 'vitest';
import { until } from '../../subgraphs/shared/test/until.ts';
import { newRouterSecret } from '../start/own-router.ts';
import {
  adminOf,
  createClient,
  createImage,
  createProduct,
  createServiceClient,
  registerUser,
  type ShopAccess,
} from './client.ts';
import { environments } from './environments.ts';
import { freePorts } from './free-ports.ts';
import { keysSecret, startInProcessShop } from './in-process-shop.ts';
import { placeOrder } from './orders.ts';
import { endAllShops, spawnStart } from './shop-process.ts';

// Each is found nowhere else.
const email = 'ann.secretive@example.org';
const emails = [email, 'other.address@example.org'];
const passwords = ['a Right password 1', 'a Wrong password 2', 'a Next password 3', 'sh0rt!?'];
const badToken = 'bm90LWEtdG9rZW4.bm90LWEtdG9rZW4.bm90LWEtdG9rZW4';
const wrongKey = 'a-wrong-x-api-key';
const routerSecret = newRouterSecret();

interface Said {
  /** What clients were answered, as text. */
  answers: string[];
  /** What nobody may say but to whom it belongs, in an answer that is not collected here. */
  secrets: string[];
  /** What a log may name, but no answer that is collected here. */
  orders: string[];
  /** What answers may name, but no log. */
  usernames: string[];
}

const registration = `mutation ($input: RegisterUserInput) {
  registerUser(input: $input) { access_token refresh_token user { _id email } }
}`;
const login = 'mutation ($input: LoginInput!) { login(input: $input) { access_token user { email } } }';
const rename = 'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { _id } }';
const change = 'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { _id } }';

/** Somebody buys something; others, and the same user, do what goes wrong. */
async function useShop(shop: ShopAccess, said: Said): Promise<void> {
  const username = `ann.${Math.random().toString(36).slice(2, 10)}`;
  said.usernames.push(username);
  const [right, wrong, next, short] = passwords as [string, string, string, string];
  const { registerUser: registered } = await createClient(shop.url).get<{
    registerUser: { access_token: string; refresh_token: string; user: { _id: string } };
  }>(registration, { input: { username, password: right } });
  const { access_token: token, user } = registered;
  const ann = createClient(shop.url, { authorization: `Bearer ${token}` });
  const bob = await registerUser(shop);
  said.secrets.push(token, bob.token);
  await ann.get(rename, { input: { email } });
  const product = await createProduct(shop);
  await createImage(shop, { productId: product, url: 'https://pictures.example/1.png' });
  const order = await placeOrder(ann, [{ _id: product, quantity: 1 }], { waitMs: 10_000 });
  said.orders.push(order._id);

  const anyone = createClient(shop.url);
  const forged = createClient(shop.url, { authorization: `Bearer ${badToken}`, 'x-api-key': wrongKey });
  const say = async (asking: Promise<unknown>) => void said.answers.push(JSON.stringify(await asking));
  const showing = `{ _id username email orders { nodes { _id } } }`;
  for (const client of [anyone, bob, forged]) {
    await say(client.ask(`query ($id: ID!) { user(id: $id) ${showing} }`, { id: user._id }));
    await say(client.ask(`{ users ${showing} }`));
    await say(client.ask('{ me { _id email } }'));
    await say(client.ask('query ($id: ID!) { order(id: $id) { _id total } }', { id: order._id }));
    await say(client.ask('{ orders { _id } }'));
    await say(client.ask('mutation { createProduct(input: { name: "x", price: 1 }) { _id } }'));
  }
  for (const password of [wrong, next]) {
    await say(anyone.ask(login, { input: { username, password } }));
    await say(anyone.ask(login, { input: { username: 'nobody', password } }));
  }
  await say(anyone.ask(registration, { input: { username: `x${username}`, password: short } }));
  await say(ann.ask(change, { input: { currentPassword: wrong, newPassword: next } }));
  await say(ann.ask(change, { input: { currentPassword: right, newPassword: short } }));
  await say(ann.ask(rename, { input: { email: 'not an e-mail', displayName: '' } }));
  const inline = `login(input: { username: "${username}", password: "${wrong}" }) { access_token }`;
  await say(anyone.ask(`mutation { ${inline} }`));
  await askBadly(shop, `mutation { ${inline}`, said);
  await say(adminOf(shop).ask('mutation { deleteProduct(id: "none") { _id } }'));
  await endSession(shop, registered.refresh_token, said);
  const served = await serveAnotherServer(shop, said);
  said.secrets.push(...served, routerSecret, token, shop.apiSecret, keysSecret);
  await say(adminOf(shop).ask('{ serviceClients { _id name scopes } }'));
}

/** A session goes on and ends; after that none of its tokens is good for anything. */
async function endSession(shop: ShopAccess, first: string, said: Said): Promise<void> {
  const refresh = `mutation ($token: String!) {
    refreshSession(refreshToken: $token) { access_token refresh_token }
  }`;
  const anyone = createClient(shop.url);
  const { refreshSession: fresh } = await anyone.get<{
    refreshSession: { access_token: string; refresh_token: string };
  }>(refresh, { token: first });
  said.secrets.push(first, fresh.access_token, fresh.refresh_token);
  await anyone.get(`mutation { logout(refreshToken: "${fresh.refresh_token}") }`);
  for (const token of [first, fresh.refresh_token, badToken])
    said.answers.push(JSON.stringify(await anyone.ask(refresh, { token })));
}

/** A server gets a token, and another does not; answers the secret and the token. */
async function serveAnotherServer(shop: ShopAccess, said: Said): Promise<[string, string]> {
  const { client, secret } = await createServiceClient(shop, ['orders:read']);
  const askForToken = (clientSecret: string) =>
    fetch(`${shop.url}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: client._id,
        client_secret: clientSecret,
      }),
    });
  const { access_token: token } = (await (await askForToken(secret)).json()) as { access_token: string };
  for (const wrong of [badToken, wrongKey]) said.answers.push(await (await askForToken(wrong)).text());
  return [secret, token];
}

/** What no GraphQL client would send, with secrets wherever it can hold any. */
async function askBadly(shop: ShopAccess, document: string, said: Said): Promise<void> {
  const headers = {
    'content-type': 'application/json',
    authorization: `Bearer ${badToken}`,
    'x-api-key': wrongKey,
  };
  const post = (path: string, body: string) => fetch(shop.url + path, { method: 'POST', headers, body });
  const asked = [
    post('/graphql', JSON.stringify({ query: document })),
    post('/graphql', `{"query": "${document}`),
    post('/graphql', JSON.stringify([{ query: document }])),
    post('/internal/graphql', JSON.stringify({ query: `${document} }` })),
    post(`/nowhere?password=${encodeURIComponent(passwords[1]!)}`, document),
    fetch(`${shop.url}/graphql?query=${encodeURIComponent(document)}`, { headers }),
  ];
  for (const response of await Promise.all(asked)) said.answers.push(await response.text());
}

function expectUnsaid(what: string, text: string, secrets: readonly string[]): void {
  for (const secret of secrets) {
    expect(secret.length).toBeGreaterThan(5);
    const at = text.indexOf(secret);
    const around = at < 0 ? '' : text.slice(Math.max(0, at - 300), at + secret.length + 100);
    expect(around, `${what}: ${secret}`).toBe('');
  }
}

/** No stack, no name of a file or of a database, no address of a subgraph. */
const innards =
  /\n\s+at |node_modules|\.ts:\d|Mongo|SQLITE|sqlite|ECONNREFUSED|127\.0\.0\.1|localhost|\$argon2/;

afterAll(async () => {
  for (const environment of environments) await environment.end();
  await endAllShops();
});

test.each(environments)(
  'a shop that says all it can says no secret, $name',
  async (environment) => {
    const shop = await environment.start({ variables: { LOG_LEVEL: 'trace', ROUTER_SECRET: routerSecret } });
    const said: Said = {
      answers: [],
      secrets: [...passwords, ...emails, badToken, wrongKey, '$argon2id'],
      orders: [],
      usernames: [],
    };
    await useShop(shop, said);

    // The same subgraphs behind a router that cannot reach some of them.
    const { port } = shop.settings;
    const ownPort = await freePorts(3);
    const urls = {
      USERS_URL: port + 1,
      PRODUCTS_URL: port + 2,
      ORDERS_URL: ownPort + 1,
      IMAGES_URL: ownPort + 2,
    };
    const router = spawnStart(['router'], {
      ...Object.fromEntries(
        Object.entries(urls).map(([name, at]) => [name, `http://127.0.0.1:${at}/graphql`]),
      ),
      PORT: `${ownPort}`,
      LOG_LEVEL: 'trace',
      DATA_DIR: shop.settings.dataDir,
      ROUTER_SECRET: routerSecret,
    });
    const url = `http://127.0.0.1:${ownPort}`;
    await until(async () => (await fetch(`${url}/readyz`).catch(() => null))?.ok || null);
    const user = createClient(url, { authorization: `Bearer ${said.secrets.at(-3)}` });
    for (const query of [
      '{ me { username orders { nodes { _id } } } }',
      '{ products { name images { url } } }',
    ]) {
      const { codes, ...answer } = await user.ask(query);
      expect(codes).toContain('SERVICE_UNAVAILABLE');
      said.answers.push(JSON.stringify(answer));
    }
    await shop.interrupt();
    const { codes, ...answer } = await user.ask('{ me { username } }');
    expect(codes).toEqual(['SERVICE_UNAVAILABLE']);
    said.answers.push(JSON.stringify(answer));
    router.process.kill('SIGTERM');
    await router.exited;

    const log = shop.output() + router.output();
    expect(log).toContain('subgraph lost');
    expectUnsaid('the log', log, [...said.secrets, ...said.usernames]);
    for (const text of said.answers) {
      expectUnsaid('an answer', text, [...said.secrets, ...said.orders]);
      expect(text).not.toMatch(innards);
    }
  },
  120_000,
);

test('nor does one whose databases fail, whatever a driver tells in its errors', async () => {
  const lines = new PassThrough();
  let log = '';
  lines.on('data', (text) => (log += text));
  let failing: ((args: unknown) => Error) | null = null;
  const shop = await startInProcessShop({
    routerSecret,
    log: createLog('e2e', 'trace', lines),
    openDocuments: () =>
      interceptDocuments(openEmbeddedDocuments({ file: ':memory:' }), ({ args }, run) =>
        failing ? Promise.reject(failing(args)) : run(),
      ),
  });
  const said: Said = {
    answers: [],
    secrets: [...passwords, ...emails, badToken, wrongKey, '$argon2id'],
    orders: [],
    usernames: [],
  };
  await useShop(shop, said);
  const { registerUser: ann } = await createClient(shop.url).get<{ registerUser: { access_token: string } }>(
    registration,
    { input: { username: 'failing', password: passwords[0] } },
  );
  said.secrets.push(ann.access_token);
  const user = createClient(shop.url, { authorization: `Bearer ${ann.access_token}` });
  // As MongoDB's: what it was asked to do lies in the error, and in the error that caused it.
  const driverError = (args: unknown) =>
    Object.assign(new Error('MongoServerError: Document failed validation'), {
      code: 121,
      errInfo: { details: args },
      errorResponse: { op: args },
      cause: Object.assign(new Error('of connection mongodb://10.0.0.1'), { request: JSON.stringify(args) }),
    });
  const awayError = (args: unknown) => new UnavailableError('MongoDB is away', { cause: driverError(args) });
  for (failing of [driverError, awayError]) {
    for (const [query, input] of [
      [registration, { username: 'somebody', password: passwords[2] }],
      [login, { username: 'failing', password: passwords[0] }],
      [rename, { email: emails[1] }],
      [change, { currentPassword: passwords[0], newPassword: passwords[2] }],
    ] as const) {
      const { codes, ...answer } = await user.ask(query, { input });
      expect(codes).toEqual([failing === driverError ? 'INTERNAL_SERVER_ERROR' : 'SERVICE_UNAVAILABLE']);
      said.answers.push(JSON.stringify(answer));
    }
    said.answers.push(JSON.stringify(await user.ask('{ users { username } products { name } }')));
  }
  failing = null;
  await shop.close();
  // What happened can still be read there.
  expect(log).toContain('Document failed validation');
  expect(log).toContain('secrets-unsaid.test.ts');
  expectUnsaid('the log', log, [...said.secrets, ...said.usernames]);
  for (const text of said.answers) {
    expectUnsaid('an answer', text, [...said.secrets, ...said.orders]);
    expect(text).not.toMatch(innards);
  }
}, 60_000);
