import { expect, test } from 'vitest';
import { differingPackages, type Lockfile } from './packages.ts';

interface Change {
  zod?: string;
  uuid?: string;
  below?: string;
}

/** A lockfile of one subgraph on shared, which needs zod; the subgraph needs uuid, which needs something below it. */
function lockfileWith({ zod = '4.0.0', uuid = '1.0.0', below = '1.0.0' }: Change = {}): Lockfile {
  return {
    importers: {
      '.': { dependencies: { vitest: { version: '5.0.0' } } },
      'subgraphs/shared': { dependencies: { zod: { version: zod } } },
      'subgraphs/orders': {
        dependencies: { '@shop/shared': { version: 'link:../shared' }, uuid: { version: uuid } },
      },
    },
    snapshots: {
      'vitest@5.0.0': {},
      [`zod@${zod}`]: {},
      [`uuid@${uuid}`]: { dependencies: { below } },
      [`below@${below}`]: {},
    },
  };
}

test('the same packages: nothing differs, whatever the tools at the root are', () => {
  const installed = lockfileWith();
  installed.importers['.'] = { dependencies: { vitest: { version: '6.0.0' } } };
  expect(differingPackages(lockfileWith(), installed)).toEqual([]);
});

test.each<[string, Change, string[]]>([
  ['of shared', { zod: '4.0.1' }, ['zod@4.0.0']],
  ['of the subgraph', { uuid: '1.0.1' }, ['uuid@1.0.0']],
  ['that the subgraph does not name', { below: '2.0.0' }, ['below@1.0.0', 'uuid@1.0.0']],
])('another version of a package %s is named', (_, change, differing) => {
  expect(differingPackages(lockfileWith(), lockfileWith(change))).toEqual(differing);
});

test('a package that nobody needs any more is named', () => {
  const installed = lockfileWith();
  installed.importers['subgraphs/orders'] = {};
  expect(differingPackages(lockfileWith(), installed)).toEqual(['uuid@1.0.0']);
});
