/** `npm run seed`: adds the demo catalogue to a running shop; what is there already is left alone. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataDir, listenSettings, readConfigOrExit } from '@shop/shared/process/config';
import { z } from 'zod';
import { seedShop } from './seed/seed-shop.ts';

const schema = z.object({
  SHOP_URL: z
    .url({ protocol: /^https?$/, error: 'must be the http(s) URL of the shop, /graphql included' })
    .optional(),
  PORT: listenSettings(4000).PORT,
  API_SECRET: z.string().optional(),
  DATA_DIR: dataDir,
});

const config = readConfigOrExit(schema, process.env);

try {
  const apiSecret = config.API_SECRET ?? readKeptSecret(config.DATA_DIR);
  const { created, skipped, images } = await seedShop({
    // As `npm start` with the same PORT listens.
    url: config.SHOP_URL ?? `http://127.0.0.1:${config.PORT}/graphql`,
    apiSecret,
    onProgress: console.log,
  });
  console.log(`${created} products and ${images} images added; ${skipped} products were there already.`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

function readKeptSecret(dir: string): string {
  try {
    return readFileSync(join(dir, 'api-secret'), 'utf8').trim();
  } catch {
    throw new Error("Set API_SECRET to the shop's: there is no embedded shop's secret in DATA_DIR.");
  }
}
