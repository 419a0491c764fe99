import { expect, test } from 'vitest';
import { createEndpoints } from './endpoints.ts';

test('endpoints take turns; one that was lost comes last until it is given another chance', () => {
  let nowMs = 0;
  const endpoints = createEndpoints(
    () => ['http://a', 'http://b', 'http://c'],
    () => nowMs,
  );
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

test('a process that comes is taken in turn, one that stays keeps its standing', () => {
  let urls = ['http://a', 'http://b'];
  const endpoints = createEndpoints(
    () => urls,
    () => 0,
  );
  const [a] = endpoints.inTurn();
  if (!a) throw new Error('no endpoint');
  endpoints.avoid(a);
  urls = ['http://a', 'http://c'];
  const hosts = () => endpoints.inTurn().map(({ url }) => url.host);
  expect([hosts(), hosts()]).toEqual([
    ['c', 'a'],
    ['c', 'a'],
  ]);
});
