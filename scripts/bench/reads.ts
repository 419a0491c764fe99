/** `npm run bench:reads`: how often a second the product list is read, with and without the cache. */
import { benchReads } from './bench-reads.ts';
import { runBench } from './run-bench.ts';

await runBench('bench:reads', benchReads);
