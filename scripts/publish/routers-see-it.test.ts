import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSupergraphSource } from '@shop/router/open-supergraph-source';
import { afterEach, expect, test } from 'vitest';
import { replaceSubgraphs } from './change.ts';
import { openStore } from './open-store.ts';
import { publish } from './publish.ts';
import { startObjectServer } from './test/object-server.ts';
import { once, plainPublisher, revisionIn, subgraph } from './test/plain-publisher.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const places = {
  'a directory': async () => {
    const folder = mkdtempSync(join(tmpdir(), 'publish-router-'));
    closers.push(() => rmSync(folder, { recursive: true, force: true }));
    return folder;
  },
  'a server': async () => {
    const server = await startObjectServer();
    closers.push(() => server.close());
    return server.url.slice(0, -1);
  },
};

test.each(Object.entries(places))(
  'what is published to %s is what a router reads next',
  async (_, makePlace) => {
    const place = await makePlace();
    const publisher = plainPublisher(openStore(place));
    await publish(publisher, replaceSubgraphs([subgraph('users', 1)]), { ...once, isNewStore: true });
    const source = openSupergraphSource({ from: `${place}/supergraph.graphql`, pollMs: 20 });
    closers.push(() => source.close());
    expect(revisionIn((await source.read()) ?? '', 'users')).toBe(1);
    await publish(publisher, replaceSubgraphs([subgraph('users', 2)]), once);
    let text: string | null = null;
    for (let i = 0; i < 100 && text === null; i += 1) {
      await source.untilChange(AbortSignal.timeout(5_000));
      text = await source.read();
    }
    expect(revisionIn(text ?? '', 'users')).toBe(2);
  },
);
