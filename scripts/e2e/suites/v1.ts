import { readFileSync } from 'node:fs';
import { Kind, type OperationDefinitionNode, parse, type SelectionSetNode, TokenKind } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClient, createProduct, type ShopAccess } from '../client.ts';
import type { SuiteShop } from './suite-shop.ts';

const text = readFileSync(
  new URL('../../../contracts/operations/v1-operations.graphql', import.meta.url),
  'utf8',
);
const isOperation = (node: { kind: string }): node is OperationDefinitionNode =>
  node.kind === Kind.OPERATION_DEFINITION;
const operations = parse(text).definitions.filter(isOperation);

/** The comment lines right above an operation: which header it is sent with. */
function commentsAbove({ loc }: OperationDefinitionNode): string {
  let comments = '';
  for (let token = loc?.startToken.prev; token?.kind === TokenKind.COMMENT; token = token.prev) {
    comments = `${token.value}\n${comments}`;
  }
  return comments;
}

/** The operations of contracts/operations/v1-operations.graphql, sent as they stand there. */
export function operationsOfV1({ start, end }: SuiteShop): void {
  let shop: ShopAccess;
  let token = '';
  const ids = { user: '', product: '', order: '' };

  beforeAll(async () => {
    shop = await start();
  });
  afterAll(end);

  async function run(operation: OperationDefinitionNode, headers = headersOf(operation)) {
    const source = text
      .slice(operation.loc?.start, operation.loc?.end)
      .replace("a user's _id", ids.user)
      .replace("a product's _id", ids.product)
      .replace("an order's _id", ids.order);
    const { data, errors } = await createClient(shop.url, headers).ask(source);
    expect(errors).toEqual([]);
    expectShape(data, operation.selectionSet);
    return data;
  }

  function headersOf(operation: OperationDefinitionNode): Record<string, string> {
    const comments = commentsAbove(operation);
    if (comments.includes('x-api-key')) return { 'x-api-key': shop.apiSecret };
    if (comments.includes('Authorization: Bearer')) return { authorization: `Bearer ${token}` };
    return {};
  }

  const named = (name: string) => {
    const operation = operations.find((one) => one.name?.value === name);
    if (!operation) throw new Error(`v1-operations.graphql has no operation ${name}`);
    return operation;
  };

  test('the file names every operation that this test knows, and none besides', () => {
    expect(operations.map(({ name }) => name?.value)).toEqual([
      'Users',
      'Products',
      'RegisterUser',
      'CreateProduct',
      'PlaceOrder',
      'User',
      'Product',
      'Orders',
      'Order',
    ]);
  });

  test('run unchanged, one after the other', async () => {
    await run(named('Users'));
    await run(named('Products'));
    const { registerUser } = (await run(named('RegisterUser'))) as {
      registerUser: { access_token: string };
    };
    token = registerUser.access_token;
    const bearer = { authorization: `Bearer ${token}` };
    const { me } = await createClient(shop.url, bearer).get<{ me: { _id: string } }>('{ me { _id } }');
    ids.user = me._id;
    const { createProduct: product } = (await run(named('CreateProduct'))) as {
      createProduct: { _id: string };
    };
    expect(product).toMatchObject({ name: 'chocolate', price: 20, quantity: 10 });
    ids.product = product._id;
    const { placeOrder: order } = (await run(named('PlaceOrder'))) as { placeOrder: { _id: string } };
    expect(order).toMatchObject({ userId: ids.user, products: [{ _id: ids.product, quantity: 10 }] });
    ids.order = order._id;
    expect(await run(named('Users'))).toMatchObject({ users: [{ _id: ids.user, username: 'arth' }] });
    expect(await run(named('User'))).toEqual({ user: { _id: ids.user, username: 'arth' } });
    expect(await run(named('Product'))).toMatchObject({ product: { _id: ids.product, name: 'chocolate' } });
    const stored = { _id: ids.order, userId: ids.user, products: [{ _id: ids.product, quantity: 10 }] };
    expect(await run(named('Orders'))).toEqual({ orders: [stored] });
    // As the file says, without a header; then for the one whose order it is.
    expect(await run(named('Order'))).toEqual({ order: null });
    expect(await run(named('Order'), bearer)).toEqual({ order: stored });
  });

  test('products lists what was created', async () => {
    const id = await createProduct(shop, { name: 'liquorice' });
    expect((await run(named('Products'))).products).toContainEqual({
      _id: id,
      name: 'liquorice',
      price: 100,
      quantity: 10,
    });
  });
}

/** Every object has exactly the fields asked for; null is allowed, since v1's fields are nullable. */
function expectShape(value: unknown, selectionSet: SelectionSetNode): void {
  if (value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) expectShape(item, selectionSet);
    return;
  }
  const fields = selectionSet.selections.map((selection) => {
    if (selection.kind !== Kind.FIELD) throw new Error('v1-operations.graphql holds plain fields only');
    return selection;
  });
  const object = value as Record<string, unknown>;
  expect(Object.keys(object)).toEqual(fields.map(({ name }) => name.value));
  for (const { name, selectionSet: inner } of fields) if (inner) expectShape(object[name.value], inner);
}
