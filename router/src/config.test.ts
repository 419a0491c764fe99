import { readConfig } from '@shop/shared/process/config';
import { expect, test } from 'vitest';
import { routerSettings, subgraphUrlsOf } from './config.ts';

test('reads several URLs of a subgraph; what is not set is left to the supergraph', () => {
  const settings = readConfig(routerSettings, { ORDERS_URL: 'http://a:1/graphql, http://b:2' });
  expect(settings).toMatchObject({ PORT: 4000, HOST: '127.0.0.1', LOG_LEVEL: 'info' });
  expect(subgraphUrlsOf(settings)).toEqual({ orders: ['http://a:1/graphql', 'http://b:2/graphql'] });
});

test('names every variable at fault', () => {
  const wrong = { PORT: '70000', LOG_LEVEL: 'loud', USERS_URL: 'ftp://users', IMAGES_URL: ',' };
  for (const variable of Object.keys(wrong)) {
    expect(() => readConfig(routerSettings, wrong)).toThrow(variable);
  }
});
