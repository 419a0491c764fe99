import { expect, test } from 'vitest';
import { createEndpoints } from './endpoints.ts';

test('endpoints take turns; one that was lost comes last until it is given another chance', () => {
  let nowMs = 0;
  const endpoints = createEndpoints(['http://a', 'http://b', 'http://c'], () => nowMs);
  const order = () =>
    endpoints
      .inTurn()
      .map(({ url }) => url.host)
      .join('');
  expect([order(), order(), order(), order()]).toEqual(['abc', 'bca', 'cab', 'abc']);

  const [b] = endpoints.inTurn(); // The second turn.
  if (!b) throw new Error('no endpoint');
  expect([endpoints.avoid(b), endpoints.avoid(b)]).toEqual([true, false]);
  expect([order(), order(), order()]).toEqual(['cab', 'acb', 'cab']);
  nowMs = 1_000;
  expect([order(), order()]).toEqual(['cab', 'abc']);
  expect([endpoints.welcome(b), endpoints.welcome(b)]).toEqual([true, false]);
});
