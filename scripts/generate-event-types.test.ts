import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { generateEventTypes } from './generate-event-types.ts';

test('contracts/events/types.ts is up to date: run `npm run generate`', async () => {
  const file = new URL('../contracts/events/types.ts', import.meta.url);
  expect(await readFile(file, 'utf8')).toBe(await generateEventTypes());
});
