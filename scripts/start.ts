/** `npm start`: the whole shop in one process; `npm start -- orders`: that part alone, as in production. */
import { subgraphNames } from './start/subgraph-names.ts';
import { startWholeShop } from './start/whole-shop.ts';

const parts = ['router', ...subgraphNames];

const [part, ...rest] = process.argv.slice(2);
if (part === undefined) {
  await startWholeShop(process.env);
} else if (parts.includes(part) && rest.length === 0) {
  await import(`@shop/${part}/main`);
} else {
  console.error(`Usage: npm start, or npm start -- ${parts.join(' | ')}`);
  process.exit(1);
}
