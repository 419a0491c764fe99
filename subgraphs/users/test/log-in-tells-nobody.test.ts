import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Answer } from '../../shared/test/ask.ts';
import { type SubgraphUnderTest, stores } from '../../shared/test/open-over-store.ts';
import { defaultAttemptLimits } from '../src/attempt-limits.ts';
import { openUsers, register, tryToLogIn } from './users-under-test.ts';

let users: SubgraphUnderTest;
beforeAll(async () => {
  const attemptLimits = { ...defaultAttemptLimits, failuresPerAccount: 1_000, failuresPerAddress: 1_000 };
  users = await openUsers(stores[0]!, { attemptLimits });
  await register(users, 'ann');
});
afterAll(() => users.remove());

const attempt = (username: string) => tryToLogIn(users, username, 'a wrong password');

async function timed(username: string): Promise<{ answer: Answer; tookMs: number }> {
  const startedAtMs = performance.now();
  const answer = await attempt(username);
  return { answer, tookMs: performance.now() - startedAtMs };
}

function medianOf(numbers: number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
}

test('an unknown user and a wrong password get the same answer, word for word', async () => {
  const [wrong, unknown] = [await attempt('ann'), await attempt('nobody')];
  expect(wrong.errors?.[0]?.extensions.code).toBe('INVALID_CREDENTIALS');
  expect(unknown).toEqual(wrong);
});

test('they take the same time', async () => {
  const rounds = 60;
  const took = { ann: [] as number[], nobody: [] as number[] };
  // In turn, and each first as often as second: whatever else this machine does, it does to both.
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? (['ann', 'nobody'] as const) : (['nobody', 'ann'] as const);
    for (const username of order) took[username].push((await timed(username)).tookMs);
  }
  // Without the work of a check an unknown user would be answered in a tenth of the time.
  const ratio = medianOf(took.ann) / medianOf(took.nobody);
  expect(ratio).toBeGreaterThan(1 / 1.25);
  expect(ratio).toBeLessThan(1.25);
}, 60_000);
