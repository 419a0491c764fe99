import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openDocuments } from './open-documents.ts';

it('keeps each database in its own file of the data folder, when there is no server', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'open-'));
  const dataDir = join(folder, 'new', 'data');
  const open = (database: string) => openDocuments({ uri: undefined, database, dataDir });
  const [orders, products] = [await open('orders'), await open('products')];
  await orders.collection('things').insertOne({ _id: 'a' });
  expect(await products.collection('things').countDocuments({})).toBe(0);
  await orders.close();
  const again = await open('orders');
  expect(await again.collection('things').countDocuments({})).toBe(1);
  expect(existsSync(join(dataDir, 'orders.sqlite'))).toBe(true);
  await again.close();
  await products.close();
  rmSync(folder, { recursive: true });
});

it('takes the server when there is one, without connecting yet', async () => {
  const dataDir = join(tmpdir(), 'never-made');
  const documents = await openDocuments({ uri: 'mongodb://127.0.0.1:1', database: 'orders', dataDir });
  expect(existsSync(dataDir)).toBe(false);
  await documents.close();
});
