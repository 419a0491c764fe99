import { expect, test } from 'vitest';
import { generateEventTypes } from './event-types.ts';

const version = (n: number, member: string) => ({
  title: `ThingHappenedV${n}`,
  description: 'It happened.',
  type: 'object',
  required: [member],
  properties: { [member]: { description: 'One.', type: 'string' } },
});
const versions = { v1: version(1, 'old'), v2: version(2, 'new') };

test('beside an older version, producers say the one that is written, and consumers hear both', async () => {
  for (const writtenMajor of [1, 2]) {
    const text = await generateEventTypes([{ type: 'thing.happened', versions, writtenMajor }]);
    expect(text).toContain('export interface ThingHappenedV1');
    expect(text).toContain(
      `export interface EventData {\n  'thing.happened': ThingHappenedV${writtenMajor};\n}`,
    );
    expect(text).toContain("ReceivedData {\n  'thing.happened': ThingHappenedV1 | ThingHappenedV2;\n}");
  }
});

test('what is written has a schema', async () => {
  const events = [{ type: 'thing.happened', versions, writtenMajor: 3 }];
  await expect(generateEventTypes(events)).rejects.toThrow('thing.happened is written as v3');
});
