// A process of a released subgraph, as scripts/start.ts is of one of this tree: the part is the argument.
import { join } from 'node:path';

const [part = ''] = process.argv.slice(2);
await import(join(process.env.RELEASED_TREE ?? '', 'subgraphs', part, 'src/main.ts'));
