/** `npm start` without a cache, to compare with. */
import { startWholeShop } from '../start/whole-shop.ts';
import { noCache } from './no-cache.ts';

await startWholeShop(process.env, { openCache: async () => noCache() });
