import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openEmbeddedDocuments } from '@shop/shared/documents/embedded/open-embedded-documents';
import type { BulkWrite } from '@shop/shared/documents/port';
import { afterEach, expect, test } from 'vitest';
import type { Arming, FiredMessage } from './point.ts';
import { documentsWithPoints } from './with-points.ts';

// Comes to the step again and again, and says how often it has left it.
const script = `
  import { createPoint } from '${new URL('./point.ts', import.meta.url).href}';
  import { setTimeout as sleep } from 'node:timers/promises';
  const point = createPoint();
  for (let n = 1; n < 500; n++) {
    await point.pass('hold', 'before', () => ['o' + n, 'o5']);
    process.send({ left: n });
    await sleep(20);
  }`;

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
});

async function start(arming: Arming) {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  children.push(child);
  const messages: ({ left: number } | FiredMessage)[] = [];
  child.on('message', (message) => messages.push(message as FiredMessage));
  child.send({ arm: arming });
  const fired = () => messages.flatMap((each) => ('fired' in each ? [each.fired] : []));
  await expect.poll(() => fired().length, { timeout: 10_000 }).toBeGreaterThan(0);
  const left = () => Math.max(0, ...messages.map((each) => ('left' in each ? each.left : 0)));
  return { child, fired, left };
}

test('a process ends at its step, and says so before', async () => {
  const { child, fired, left } = await start({ step: 'hold', moment: 'before', action: 'kill', skip: 2 });
  await (child.signalCode ?? once(child, 'exit'));
  expect(child.signalCode).toBe('SIGKILL');
  const [only, ...others] = fired();
  expect(only).toMatchObject({ step: 'hold', moment: 'before', orderIds: [`o${left() + 1}`, 'o5'] });
  expect(others).toEqual([]);
});

test('a process that is frozen goes on from its step when it is woken, once', async () => {
  const { child, fired, left } = await start({ step: 'hold', moment: 'before', action: 'freeze' });
  const stoppedAt = Number(fired()[0]?.orderIds[0]?.slice(1));
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(left()).toBe(stoppedAt - 1);
  child.kill('SIGCONT');
  await expect.poll(left).toBeGreaterThan(stoppedAt + 3);
  expect(fired()).toHaveLength(1);
});

test('a process tells each time, until it is told to stop', async () => {
  const { child, fired, left } = await start({ step: 'hold', moment: 'before', action: 'tell' });
  await expect.poll(() => fired().length).toBeGreaterThan(3);
  child.send({ arm: null });
  await expect.poll(() => Number(fired().at(-1)?.orderIds[0]?.slice(1)) + 3 < left()).toBe(true);
});

test('a process can wait for certain orders', async () => {
  const wanted = ['o7', 'o8'];
  const { fired } = await start({ step: 'hold', moment: 'before', action: 'tell', orderIds: wanted });
  await expect.poll(() => fired().map(({ orderIds }) => orderIds[0])).toEqual(wanted);
});

test('a process can wait for an order with several lines', async () => {
  const { fired } = await start({ step: 'hold', moment: 'before', action: 'tell', several: true });
  expect(fired()[0]?.orderIds).toEqual(['o5']);
});

test('between the halves of a bulk, the first is done and the second is not', async () => {
  const documents = openEmbeddedDocuments({ file: ':memory:' });
  const seen: string[] = [];
  const pointed = documentsWithPoints('products', documents, {
    middleOf: () => [],
    async pass(step, moment, orderIds) {
      const done = (await documents.collection('reservations').find({}, { limit: 9 }).toArray()).length;
      seen.push(`${step} ${moment}: ${done} of ${orderIds()}`);
    },
  });
  const writes = [open('a'), open('b'), open('c')];
  const result = await pointed.collection<{ _id: string; state: string }>('reservations').bulkWrite(writes);
  expect(result.upsertedCount).toBe(3);
  expect(seen).toEqual(['open before: 0 of a,b,c', 'open between: 2 of a,b,c', 'open after: 3 of a,b,c']);
  await documents.close();
});

test('the middle of a bulk can be that of certain orders', async () => {
  const documents = openEmbeddedDocuments({ file: ':memory:' });
  const seen: number[] = [];
  const pointed = documentsWithPoints('products', documents, {
    middleOf: () => ['c', 'b'],
    async pass(_, moment) {
      if (moment === 'between') seen.push(await documents.collection('reservations').countDocuments({}));
    },
  });
  const writes = ['a', 'b', 'c', 'd', 'e'].map(open);
  await pointed.collection<{ _id: string; state: string }>('reservations').bulkWrite(writes);
  expect(seen).toEqual([2]);
  await documents.close();
});

function open(_id: string): BulkWrite<{ _id: string; state: string }> {
  return {
    updateOne: { filter: { _id }, update: { $setOnInsert: { state: 'reserving' } }, upsert: true },
  };
}
