import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { InProcessShop } from '../e2e/in-process-shop.ts';
import { describeReleases, releases, root, unpackWithinMs } from './describe-mixes.ts';
import { composeTrees, startMixedShop, type Trees } from './mixed-shop.ts';
import { treesOf } from './mixes.ts';
import { expectToGoOn, leaveTraces, type Traces } from './traces.ts';

describeReleases('one folder of data', () => {
  describe.each(releases)('$name $version, and the one of this tree after it', ({ name }) => {
    let before: Trees;
    let after: Trees;
    beforeAll(async () => {
      [before, after] = await Promise.all([treesOf(root, new Set([name])), treesOf(root, new Set())]);
    }, unpackWithinMs);

    test('each goes on with what the other wrote: deployed, rolled back, deployed again', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'shop-released-'));
      const traces: Traces[] = [];
      try {
        for (const [stage, trees] of [before, after, before, after].entries()) {
          const shop = await startOn(folder, trees);
          try {
            for (const each of traces) await expectToGoOn(shop, each);
            traces.push(await leaveTraces(shop, `${name}${stage}`));
          } finally {
            await shop.close();
          }
        }
        expect(traces).toHaveLength(4);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  });
});

function startOn(folder: string, trees: Trees): Promise<InProcessShop> {
  return startMixedShop(trees, {
    supergraph: composeTrees(root, trees),
    documentsFile: (part) => join(folder, `${part}.sqlite`),
    eventsFile: join(folder, 'events.sqlite'),
  });
}
