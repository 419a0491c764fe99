import { Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { AnyDoc } from '../../../test/documents-adapters.ts';
import { mongodbUri } from '../../../test/real-servers.ts';
import { UnavailableError } from '../../unavailable.ts';
import { openMongoDocuments } from './open-mongo-documents.ts';

/** Longer than a check may be on its way, and than the driver takes to find a server anew. */
const recoversWithinMs = 40_000;

describe.runIf(mongodbUri)("a server whose connection ends as the driver's monitor writes to it", () => {
  afterEach(() => vi.restoreAllMocks());

  it('is of use again, although the driver never hears of that check', async () => {
    // A MongoDB of today would tell of changes by itself: the driver is to ask, as it asks others.
    const uri = new URL(mongodbUri!);
    uri.pathname ||= '/';
    uri.searchParams.set('serverMonitoringMode', 'poll');
    const documents = await openMongoDocuments({ uri: uri.href, database: 'test_monitor' });
    const collection = documents.collection<AnyDoc>('a');
    expect(await collection.findOne({ _id: 'nobody' })).toBeNull();
    const broken = breakTheNext();
    await expect(collection.findOne({ _id: 'nobody' })).rejects.toThrow(UnavailableError);
    expect(broken.isDone()).toBe(true);
    await expect
      .poll(() => collection.findOne({ _id: 'nobody' }).catch(() => 'away'), { timeout: recoversWithinMs })
      .toBeNull();
    await documents.close();
  }, 60_000);
});

/**
 * Breaks the connection of the next find, and the driver's check of the server that follows, as it is when the other
 * end of all connections goes at once, but Node has not told of the second yet: its `write` answers false, nothing
 * is sent, and neither "drain" nor "error" follows.
 */
function breakTheNext(): { isDone(): boolean } {
  const write = Socket.prototype.write;
  let next: 'find' | 'ismaster|hello' | 'nothing' = 'find';
  vi.spyOn(Socket.prototype, 'write').mockImplementation(function (this: Socket, ...args) {
    const [chunk] = args as unknown[];
    const isNext = Buffer.isBuffer(chunk) && new RegExp(next).test(chunk.toString('latin1'));
    if (!isNext) return Reflect.apply(write, this, args);
    this.destroy();
    const isFind = next === 'find';
    next = isFind ? 'ismaster|hello' : 'nothing';
    return isFind;
  });
  return { isDone: () => next === 'nothing' };
}
