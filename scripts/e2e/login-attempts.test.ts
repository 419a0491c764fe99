import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClient, registerUser } from './client.ts';
import { type InProcessShop, startInProcessShop } from './in-process-shop.ts';

let shop: InProcessShop;
beforeAll(async () => {
  shop = await startInProcessShop();
});
afterAll(() => shop.close());

const usernameOf = async (user: Awaited<ReturnType<typeof registerUser>>) =>
  (await user.get<{ me: { username: string } }>('{ me { username } }')).me.username;

const loginField = (username: string, password: string) =>
  `login(input: { username: "${username}", password: "${password}" }) { access_token }`;

test('a client cannot claim to be elsewhere: no header of its own gives it further attempts', async () => {
  const username = await usernameOf(await registerUser(shop));
  const codes: string[] = [];
  for (let n = 0; n < 12; n += 1) {
    const address = `198.51.100.${n}`;
    const headers = { 'x-client-address': address, 'x-forwarded-for': address, forwarded: `for=${address}` };
    codes.push(
      ...(await createClient(shop.url, headers).ask(`mutation { ${loginField(username, 'wrong-one')} }`))
        .codes,
    );
  }
  expect(codes.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 'INVALID_CREDENTIALS'));
  expect(codes.slice(10)).toEqual(['RATE_LIMITED', 'RATE_LIMITED']);
});

async function logInUnderAliases(count: number) {
  const username = await usernameOf(await registerUser(shop));
  const aliased = Array.from({ length: count }, (_, n) => `a${n}: ${loginField(username, `guess ${n}`)}`);
  const answer = await createClient(shop.url).ask(`mutation { ${aliased.join(' ')} }`);
  return { username, ...answer };
}

test('attempts under aliases are as many as they are', async () => {
  const { username, data, codes, errors } = await logInUnderAliases(11);
  expect({ data, codes }).toEqual({ data: null, codes: ['RATE_LIMITED'] });
  expect(errors[0]?.extensions).toMatchObject({ retryAfterSeconds: expect.any(Number) });
  const right = await createClient(shop.url).ask(`mutation { ${loginField(username, 'password')} }`);
  expect(right.codes).toEqual(['RATE_LIMITED']);
});

test('a thousand of them are refused before any is made', async () => {
  const { data, codes } = await logInUnderAliases(1_000);
  expect(data ?? null).toBeNull();
  expect(codes.length).toBeGreaterThan(0);
  expect(codes).not.toContain('INVALID_CREDENTIALS');
});
