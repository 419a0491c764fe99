import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createHttpSupergraph } from './http-supergraph.ts';
import { openSupergraphSource } from './open-supergraph-source.ts';
import { maxSupergraphBytes, type SupergraphSource } from './supergraph-source.ts';

const never = new AbortController().signal;
let source: SupergraphSource;
afterEach(() => source.close());

/** Resolves with what the source has after its next change; rejects if it takes longer than the polling would. */
async function next(withinMs = 5_000): Promise<string | null> {
  const over = AbortSignal.timeout(withinMs);
  await source.untilChange(over);
  if (over.aborted) throw new Error('no change was noticed');
  return source.read();
}

describe('a file', () => {
  let folder: string;
  let path: string;
  const replace = (text: string) => {
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'shop-source-'));
    path = join(folder, 'supergraph.graphql');
    writeFileSync(path, 'one');
    source = openSupergraphSource({ from: path, pollMs: 60_000 });
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('is read once, and again when another takes its place', async () => {
    expect([await source.read(), await source.read()]).toEqual(['one', null]);
    replace('two');
    expect(await next()).toBe('two');
    replace('three');
    expect(await next()).toBe('three');
    expect(await source.read()).toBeNull();
  });

  test('a change between a read and the wait for it is not missed', async () => {
    await source.read();
    replace('two');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await next()).toBe('two');
  });

  test('that is written in place is read when it is whole', async () => {
    await source.read();
    writeFileSync(path, 'tw');
    const half = await next();
    writeFileSync(path, 'two');
    expect([half, await next()]).toContain('two');
  });

  test('that is gone, or too large, cannot be read, and is read again when it is there', async () => {
    await source.read();
    rmSync(path);
    await expect(source.read()).rejects.toThrow('ENOENT');
    writeFileSync(path, Buffer.alloc(maxSupergraphBytes + 1));
    await expect(source.read()).rejects.toThrow('larger than');
    replace('two');
    expect(await source.read()).toBe('two');
  });

  test('in a folder that comes later is found by polling', async () => {
    await source.close();
    path = join(folder, 'later', 'supergraph.graphql');
    source = openSupergraphSource({ from: path, pollMs: 100 });
    await expect(source.read()).rejects.toThrow('ENOENT');
    mkdirSync(join(folder, 'later'));
    writeFileSync(path, 'late');
    expect(await next()).toBe('late');
  });

  test('the wait ends when it is no longer wanted', async () => {
    await source.read();
    const begun = performance.now();
    await source.untilChange(AbortSignal.timeout(50));
    expect(performance.now() - begun).toBeLessThan(10_000);
  });
});

describe('a URL', () => {
  let server: Server;
  let url: string;
  let received: IncomingMessage[] = [];
  let answer: (request: IncomingMessage, response: ServerResponse) => void;

  beforeEach(async () => {
    received = [];
    answer = (_, response) => void response.end('one');
    server = createServer((request, response) => {
      received.push(request);
      answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphs/supergraph.graphql?signed=yes`;
    source = openSupergraphSource({ from: url, pollMs: 100, token: 'opensesame' });
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  test('is asked for with the ETag of what is known', async () => {
    let text = 'one';
    answer = ({ headers }, response) => {
      const etag = `"${text}"`;
      if (headers['if-none-match'] === etag) response.writeHead(304).end();
      else response.writeHead(200, { etag }).end(text);
    };
    expect([await source.read(), await source.read()]).toEqual(['one', null]);
    text = 'two';
    expect([await source.read(), await source.read()]).toEqual(['two', null]);
    expect(received.map(({ headers }) => headers['if-none-match'])).toEqual([
      undefined,
      '"one"',
      '"one"',
      '"two"',
    ]);
    expect(received[0]?.url).toBe('/graphs/supergraph.graphql?signed=yes');
    expect(received[0]?.headers.authorization).toBe('Bearer opensesame');
    expect(source.name).not.toMatch(/signed|opensesame/);
  });

  test('without an ETag the text tells whether it is another', async () => {
    expect([await source.read(), await source.read()]).toEqual(['one', null]);
    answer = (_, response) => void response.end('two');
    expect(await source.read()).toBe('two');
  });

  test.each([404, 403, 500, 302, 304])('the status %i is no supergraph', async (status) => {
    answer = (_, response) => void response.writeHead(status, { location: '/elsewhere' }).end();
    await expect(source.read()).rejects.toThrow(`status ${status}`);
    expect(received).toHaveLength(1);
    answer = (_, response) => void response.end('one');
    expect(await source.read()).toBe('one');
  });

  test('an answer that does not come, breaks off or is too large is no supergraph', async () => {
    await source.close();
    source = createHttpSupergraph({ url, pollMs: 100, deadlineMs: 200 });
    answer = () => {};
    await expect(source.read()).rejects.toThrow();
    answer = (_, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('begin');
      setTimeout(() => response.destroy(), 20);
    };
    await expect(source.read()).rejects.toThrow();
    answer = (_, response) => void response.end(Buffer.alloc(maxSupergraphBytes + 1));
    await expect(source.read()).rejects.toThrow();
    answer = (_, response) => void response.end('one');
    expect(await source.read()).toBe('one');
  });

  test('is looked at every pollMs, give or take a fifth', async () => {
    const pauses: number[] = [];
    for (let n = 0; n < 10; n++) {
      const begun = performance.now();
      await source.untilChange(never);
      pauses.push(performance.now() - begun);
    }
    // Timers fire late under load, but not early.
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(79);
    expect(new Set(pauses.map(Math.round)).size).toBeGreaterThan(1);
  });
});
