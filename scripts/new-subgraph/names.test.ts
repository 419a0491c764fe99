import { expect, test } from 'vitest';
import { fillIn, pluralOf, singularOf } from './names.ts';

test.each([
  ['review', 'reviews'],
  ['category', 'categories'],
  ['day', 'days'],
  ['box', 'boxes'],
  ['image', 'images'],
  ['status', 'statuses'],
])('one %s, many %s', (one, many) => {
  expect([pluralOf(one), singularOf(many)]).toEqual([many, one]);
});

test.each(['stock', 'loyalty', 's'])('%s is no plural', (word) => {
  expect(singularOf(word)).toBeUndefined();
});

test('the names of the template are replaced wherever they stand', () => {
  const names = { name: 'loyalty', entity: 'Category', port: 4010 };
  const text =
    "createTemplateContext maxSamplesPerProduct './sample-store.ts' samplesOfProduct newSampleInput templateConfig 4999";
  expect(fillIn(text, names)).toBe(
    "createLoyaltyContext maxCategoriesPerProduct './category-store.ts' categoriesOfProduct newCategoryInput loyaltyConfig 4010",
  );
  expect(fillIn("'../../../../subgraphs/shared/test/ask.ts'", names)).toBe("'../../shared/test/ask.ts'");
});
