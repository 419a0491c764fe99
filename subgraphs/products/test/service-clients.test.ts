import type { Subgraph } from '@shop/shared/process/subgraph';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Answer, ask, type Caller, codeOf } from '../../shared/test/ask.ts';
import { type Ground, openGroundInMemory } from '../../shared/test/grounds.ts';
import { create, startProducts, tryTo } from './products-under-test.ts';

const withScope = (scope: string): Caller => ({ user: `service:${scope}` });
const allBut = (scope: string): Caller => withScope(scopes.filter((one) => one !== scope).join(','));
const scopes = ['products:read', 'products:write', 'orders:read', 'orders:write', 'users:read', 'internal'];

let ground: Ground;
let products: Subgraph;
let id: string;

beforeAll(async () => {
  ground = openGroundInMemory();
  products = await startProducts(ground);
  id = (await create(products, { name: 'tea', price: 5, quantity: 3 }))._id;
});
afterAll(async () => {
  await products.close();
  await ground.remove();
});

const accepted: Record<string, [string, (caller: Caller) => Promise<Answer>]> = {
  createProduct: [
    'products:write',
    (caller) => tryTo.create(products, { name: 'milk', price: 1, quantity: 1 }, caller),
  ],
  updateProduct: ['products:write', (caller) => tryTo.update(products, id, { price: 6 }, caller)],
  adjustStock: ['products:write', (caller) => tryTo.adjust(products, id, 1, undefined, caller)],
  'the catalog of inactive products': [
    'products:read',
    (caller) => ask(products, '{ catalog(status: INACTIVE) { nodes { _id } } }', {}, caller),
  ],
  'the stock of a listed product': [
    'internal',
    (caller) => ask(products, '{ products { inventory { available } } }', {}, caller),
  ],
  'the stock of an entity': [
    'internal',
    (caller) => {
      const of = [{ __typename: 'Product', _id: id }];
      const stock = '... on Product { inventory { available } }';
      const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ${stock} } }`;
      return ask(products, query, { of }, caller);
    },
  ],
  deleteProduct: ['products:write', (caller) => tryTo.delete(products, id, caller)],
};

test.each(Object.entries(accepted))('%s needs its scope and no other', async (_, [scope, call]) => {
  const refused = await call(allBut(scope));
  expect(codeOf(refused)).toBe('FORBIDDEN');
  expect(JSON.stringify(refused.data ?? null)).not.toMatch(/available|_id/);
  expect((await call(withScope(scope))).errors).toBeUndefined();
});
