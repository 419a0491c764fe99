/** `npm run bench:orders`: how many orders a second are placed and CONFIRMED. */
import { benchOrders } from './bench-orders.ts';
import { runBench } from './run-bench.ts';

await runBench('bench:orders', benchOrders);
