import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { subgraphNames } from '../start/subgraph-names.ts';
import { readRequest } from './request.ts';

const root = dirname(dirname(import.meta.dirname));
const read = (...args: string[]) => readRequest(root, args);

test('a name is enough: the entity is one of it, the port the next', () => {
  expect(read('vouchers')).toEqual({
    kind: 'accepted',
    names: { name: 'vouchers', entity: 'Voucher', port: 4001 + subgraphNames.length },
  });
  expect(read('loyalty', '--entity', 'Card', '--port', '5000')).toMatchObject({
    names: { name: 'loyalty', entity: 'Card', port: 5000 },
  });
});

test.each([
  ['nothing', [], 'one name'],
  ['two names', ['vouchers', 'coupons'], 'one name'],
  ['an unknown option', ['vouchers', '--colour', 'red'], '--colour'],
  ['capitals', ['Vouchers'], '"Vouchers" is no name'],
  ['a path', ['../vouchers'], 'is no name'],
  ['what has a hyphen', ['gift-cards'], 'is no name'],
  ['another part', ['router'], 'something else'],
  ['a server', ['kafka'], 'something else'],
  ['a subgraph that there is', ['orders'], 'supergraph.yaml has orders already'],
  ['a folder that there is', ['shared'], 'something else'],
  ['a name without a plural', ['stock'], '--entity'],
  ['two words', ['cards', '--entity', 'GiftCard'], '"GiftCard" is no name'],
  ['a type that there is', ['goods', '--entity', 'Product'], 'products has a type Product already'],
  ['no port', ['vouchers', '--port', 'x'], 'no port'],
  ['a low port', ['vouchers', '--port', '80'], 'no port'],
  ["another's port", ['vouchers', '--port', '4003'], "another part's"],
])('%s is refused, with how it is called', (_, args, why) => {
  const request = read(...args);
  expect(request).toEqual({ kind: 'refused', why: expect.stringContaining(why) });
  expect(request).toEqual({ kind: 'refused', why: expect.stringContaining('Usage: npm run new:subgraph') });
});
