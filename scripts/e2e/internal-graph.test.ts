import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { adminOf, createClient, createProduct, registerUser } from './client.ts';
import { environments } from './environments.ts';
import type { ShopProcess } from './shop-process.ts';

const stock = 'query ($id: ID!) { product(id: $id) { quantity inventory { available reserved sold } } }';

describe.each(environments)('the internal graph, $name', ({ start, end }) => {
  let shop: ShopProcess;
  let id = '';
  const internal = (headers: Record<string, string>) => createClient(`${shop.url}/internal`, headers);

  beforeAll(async () => {
    shop = await start();
    id = await createProduct(shop, { quantity: 7 });
  });
  afterAll(end);

  test('tells the admin where the stock is', async () => {
    const user = await registerUser(shop);
    await user.get(
      `mutation ($id: String!) { placeOrder(products: [{ _id: $id, quantity: 2 }], waitMs: 10000) { _id } }`,
      { id },
    );
    const { product } = await internal({ 'x-api-key': shop.apiSecret }).get(stock, { id });
    expect(product).toEqual({ quantity: 5, inventory: { available: 5, reserved: 0, sold: 2 } });
  });

  test('is for nobody else', async () => {
    const user = await registerUser(shop);
    const asked: [Record<string, string>, string][] = [
      [{}, 'UNAUTHENTICATED'],
      [{ authorization: `Bearer ${user.token}` }, 'FORBIDDEN'],
      [{ 'x-api-key': `${shop.apiSecret}.` }, 'FORBIDDEN'],
    ];
    for (const [headers, code] of asked) {
      const { data, codes } = await internal(headers).ask(stock, { id });
      expect([codes, data]).toEqual([[code], undefined]);
    }
  });

  test('does not exist in the public one: not in validation, introspection or suggestions, not even for the admin', async () => {
    const admin = adminOf(shop);
    const { errors, codes } = await admin.ask(stock, { id });
    expect(codes).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    expect(errors[0]?.message).toContain('Cannot query field "inventory" on type "Product"');
    const misspelt = await admin.ask('{ products { inventori { sold } } }');
    expect(misspelt.errors[0]?.message).not.toContain('inventory');
    const names = await admin.get('{ __schema { types { name description fields { name description } } } }');
    expect(JSON.stringify(names)).toContain('"Product"');
    expect(JSON.stringify(names)).not.toMatch(/inventory/i);
  });
});
