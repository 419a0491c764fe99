import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  contractsStandAlone,
  environmentIsReadAtTheEdge,
  eventsAreChecked,
  filesAreShort,
  type Invariant,
  invariants,
  looseEnds,
  noLooseEnds,
  onlySharedReachesServers,
  resolversTouchNoStore,
  sharedKnowsNoSubgraph,
  storesKnowNoGraphql,
  subgraphsStandApart,
} from './invariants.ts';
import { readDependencies, readSourceFiles } from './source-files.ts';

const root = dirname(dirname(import.meta.dirname));
const files = readSourceFiles(root);

describe('the repository', () => {
  test('is read: every part has files', () => {
    for (const part of ['contracts/', 'router/', 'scripts/', 'subgraphs/shared/', 'subgraphs/orders/'])
      expect(
        files.filter(({ path }) => path.startsWith(part)),
        part,
      ).not.toEqual([]);
  });

  test.each(invariants)('$name', ({ violations }) => {
    const found = files.flatMap((file) => violations(file).map((violation) => `${file.path} ${violation}`));
    expect(found).toEqual([]);
  });

  test('stands on the libraries that it was asked to stand on', () => {
    const asked = [
      '@apollo/server',
      '@apollo/subgraph',
      '@apollo/gateway',
      '@apollo/composition',
      'graphql',
      'graphql-tag',
      'dataloader',
      'mongodb',
      'kafkajs',
      'redis',
      'jose',
      'argon2',
      'uuid',
      'zod',
    ];
    const dependencies = readDependencies(root);
    expect(asked.filter((name) => !dependencies.has(name))).toEqual([]);
  });
});

describe('each rule can fail, and lets pass what is allowed', () => {
  const orders = 'subgraphs/orders/src/resolvers.ts';
  const store = 'subgraphs/orders/src/order-store.ts';
  const cases: [Invariant, broken: [path: string, text: string], fine: [path: string, text: string]][] = [
    [
      contractsStandAlone,
      ['contracts/errors.ts', "import '@shop/shared/a';"],
      ['contracts/a.ts', "import './b.ts';"],
    ],
    [
      contractsStandAlone,
      ['contracts/a.ts', "import '../router/src/b.ts';"],
      ['router/src/a.ts', "import './b.ts';"],
    ],
    [
      onlySharedReachesServers,
      [store, "import type { Db } from 'mongodb';"],
      ['subgraphs/shared/src/a.ts', "import 'redis';"],
    ],
    [onlySharedReachesServers, ['scripts/a.ts', "import('mingo/query')"], [orders, "import 'rediscovered';"]],
    [
      subgraphsStandApart,
      ['subgraphs/orders/test/a.test.ts', "import '@shop/products/b';"],
      [orders, "import '@shop/shared/a';"],
    ],
    [
      subgraphsStandApart,
      [orders, "import '../../users/src/a.ts';"],
      ['scripts/start.ts', "import '@shop/users/a';"],
    ],
    [
      subgraphsStandApart,
      ['router/src/a.ts', "import '@shop/users/a';"],
      [orders, "import '@shop/contracts/errors';"],
    ],
    [
      sharedKnowsNoSubgraph,
      ['subgraphs/shared/test/a.ts', "import '@shop/images/b';"],
      ['subgraphs/shared/src/a.ts', "import '@shop/contracts/errors';"],
    ],
    [
      resolversTouchNoStore,
      [orders, "import type { Cache } from '@shop/shared/cache/port';"],
      [store, "import '@shop/shared/documents/port';"],
    ],
    [
      resolversTouchNoStore,
      ['subgraphs/orders/src/resolvers/order.ts', "import { orderCollection } from '../order-store.ts';"],
      [orders, "import { placeOrder } from './place-order.ts';"],
    ],
    [storesKnowNoGraphql, [store, "import { GraphQLError } from 'graphql';"], [orders, "import 'graphql';"]],
    [
      eventsAreChecked,
      [store, "import { encodeUnchecked } from '@shop/shared/events/cloud-event';"],
      [store, "import { encodeEvent } from '@shop/shared/events/cloud-event';"],
    ],
    [
      environmentIsReadAtTheEdge,
      [store, 'const a = process.env.PORT;'],
      ['subgraphs/orders/src/main.ts', 'read(process.env)'],
    ],
    [
      environmentIsReadAtTheEdge,
      [store, "import { env } from 'node:process';"],
      [store, '// never process.env here'],
    ],
    [filesAreShort, [store, 'a;\n'.repeat(301)], [store, 'a;\n'.repeat(300)]],
    ...looseEnds.map(({ example }): (typeof cases)[number] => [
      noLooseEnds,
      [store, example],
      [store, 'many skips; anyone'],
    ]),
  ];

  const named = cases.map(([rule, broken, fine]) => ({ rule, name: rule.name, broken, fine }));
  test.each(named)('$name: $broken', ({ rule, broken, fine }) => {
    expect(rule.violations({ path: broken[0], text: broken[1] })).not.toEqual([]);
    expect(rule.violations({ path: fine[0], text: fine[1] })).toEqual([]);
  });
});
