import { afterAll, beforeAll, describe, test } from 'vitest';
import { type Refusal, type StrictShop, startStrictShop } from './strict-shop.ts';

let shop: StrictShop;

beforeAll(async () => {
  shop = await startStrictShop();
});
afterAll(() => shop.close());

const run = (refusals: Refusal[]) => test.each(refusals)('$what', (refusal) => shop.expectRefused(refusal));

describe('registerUser', () => {
  const register = (username: string, password: string) => ({
    query: 'mutation ($input: RegisterUserInput) { registerUser(input: $input) { access_token } }',
    variables: { input: { username, password } },
  });
  run([
    { what: 'a username of 2', ...register('ab', 'password'), fields: ['input.username'] },
    { what: 'a username of 33', ...register('a'.repeat(33), 'password'), fields: ['input.username'] },
    { what: 'a username with a space', ...register('a b c', 'password'), fields: ['input.username'] },
    { what: 'a username beyond ASCII', ...register('zoë', 'password'), fields: ['input.username'] },
    { what: 'a password of 7 bytes', ...register('someone', 'passwor'), fields: ['input.password'] },
    { what: 'a password of 129 bytes', ...register('someone', 'p'.repeat(129)), fields: ['input.password'] },
    {
      what: 'a password of 65 characters and 130 bytes',
      ...register('someone', 'é'.repeat(65)),
      fields: ['input.password'],
    },
    { what: 'both wrong: both named', ...register('', ''), fields: ['input.username', 'input.password'] },
    { what: 'no input', query: 'mutation { registerUser { access_token } }', fields: ['input'] },
    {
      what: 'a username that is taken',
      query:
        'mutation { registerUser(input: { username: "$USERNAME", password: "password" }) { access_token } }',
      code: 'USERNAME_TAKEN',
    },
    {
      what: 'a username that is taken, in capitals',
      query:
        'mutation { registerUser(input: { username: "$SHOUTED", password: "password" }) { access_token } }',
      code: 'USERNAME_TAKEN',
    },
  ]);
});

describe('an account', () => {
  const login = (username: string, password: string) =>
    `mutation { login(input: { username: "${username}", password: "${password}" }) { access_token } }`;
  const rename = (input: string) => `mutation { updateProfile(input: ${input}) { _id } }`;
  const change = (from: string, to: string) =>
    `mutation { changePassword(input: { currentPassword: "${from}", newPassword: "${to}" }) { _id } }`;
  run([
    { what: 'a wrong password', query: login('$USERNAME', 'wrong-one'), code: 'INVALID_CREDENTIALS' },
    { what: 'an unknown user', query: login('nobody', 'password'), code: 'INVALID_CREDENTIALS' },
    {
      what: 'an e-mail that is none',
      as: 'user',
      query: rename('{ email: "nope" }'),
      fields: ['input.email'],
    },
    {
      what: 'a display name too long',
      as: 'user',
      query: rename(`{ displayName: "${'x'.repeat(101)}" }`),
      fields: ['input.displayName'],
    },
    { what: 'a profile of nobody', query: rename('{ displayName: "x" }'), code: 'UNAUTHENTICATED' },
    {
      what: 'a wrong current password',
      as: 'user',
      query: change('wrong-one', 'password2'),
      code: 'INVALID_CREDENTIALS',
    },
    {
      what: 'a new password too short',
      as: 'user',
      query: change('password', 'short'),
      fields: ['input.newPassword'],
    },
    { what: 'a password of nobody', query: change('password', 'password2'), code: 'UNAUTHENTICATED' },
  ]);
});

describe('orders', () => {
  const place = (products: unknown, more: object = {}) => ({
    as: 'user' as const,
    query: `mutation ($products: [OrderProductInput], $idempotencyKey: String, $waitMs: Int) {
      placeOrder(products: $products, idempotencyKey: $idempotencyKey, waitMs: $waitMs) { _id } }`,
    variables: { products, ...more },
  });
  const line = { _id: 'p', quantity: 1 };
  const cancel = (id: string) => `mutation { cancelOrder(id: "${id}") { _id } }`;
  run([
    { what: 'no products', as: 'user', query: 'mutation { placeOrder { _id } }', fields: ['products'] },
    { what: 'an empty list', ...place([]), fields: ['products'] },
    { what: 'a line that is null', ...place([null]), fields: ['products.0'] },
    {
      what: '101 lines',
      ...place(Array.from({ length: 101 }, (_, n) => ({ _id: `p${n}`, quantity: 1 }))),
      fields: ['products'],
    },
    { what: 'a quantity of 0', ...place([line, { _id: 'q', quantity: 0 }]), fields: ['products.1.quantity'] },
    { what: 'a negative quantity', ...place([{ _id: 'p', quantity: -1 }]), fields: ['products.0.quantity'] },
    {
      what: 'a quantity of 10,001',
      ...place([{ _id: 'p', quantity: 10_001 }]),
      fields: ['products.0.quantity'],
    },
    {
      what: 'lines of one product that add up to 10,001',
      ...place([line, { _id: 'p', quantity: 10_000 }]),
      fields: ['products.0.quantity'],
    },
    { what: 'an empty product id', ...place([{ _id: '', quantity: 1 }]), fields: ['products.0._id'] },
    {
      what: 'an empty idempotency key',
      ...place([line], { idempotencyKey: '' }),
      fields: ['idempotencyKey'],
    },
    {
      what: 'an idempotency key of 129',
      ...place([line], { idempotencyKey: 'k'.repeat(129) }),
      fields: ['idempotencyKey'],
    },
    {
      what: 'an idempotency key of other products',
      ...place([line], { idempotencyKey: 'used' }),
      code: 'IDEMPOTENCY_KEY_REUSED',
    },
    { what: 'a waitMs of -1', ...place([line], { waitMs: -1 }), fields: ['waitMs'] },
    { what: 'a waitMs of 10,001', ...place([line], { waitMs: 10_001 }), fields: ['waitMs'] },
    { what: 'a quantity that is no Int', ...place([{ _id: 'p', quantity: 'two' }]) },
    { what: 'a visitor places an order', ...place([line]), as: 'anyone', code: 'UNAUTHENTICATED' },
    {
      what: 'the admin, who is no user, places an order',
      ...place([line]),
      as: 'admin',
      code: 'UNAUTHENTICATED',
    },
    { what: "a visitor's orders", query: '{ orders { _id } }', code: 'UNAUTHENTICATED' },
    { what: 'a page of 0', as: 'user', query: '{ orders(first: 0) { _id } }', fields: ['first'] },
    { what: 'a visitor cancels', query: cancel('$ORDER'), code: 'UNAUTHENTICATED' },
    { what: "another's order cancelled", as: 'other', query: cancel('$ORDER'), code: 'NOT_FOUND' },
    { what: 'an unknown order cancelled', as: 'user', query: cancel('none'), code: 'NOT_FOUND' },
    {
      what: 'a rejected order cancelled',
      as: 'user',
      query: cancel('$REJECTED'),
      code: 'ORDER_NOT_CANCELLABLE',
    },
  ]);
});

describe('requests that are malformed', () => {
  run([
    { what: 'no GraphQL', query: 'hello', code: 'GRAPHQL_PARSE_FAILED' },
    { what: 'an unknown field', query: '{ products { colour } }', code: 'GRAPHQL_VALIDATION_FAILED' },
    { what: 'a missing argument', query: '{ product { _id } }', code: 'GRAPHQL_VALIDATION_FAILED' },
    {
      what: 'no variable where one is needed',
      query: 'query ($id: ID!) { product(id: $id) { _id } }',
      code: 'BAD_USER_INPUT',
    },
  ]);
});
