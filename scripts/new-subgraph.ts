/** `npm run new:subgraph reviews`: a subgraph that works, with its tests and all the places where it is named. */
import { dirname } from 'node:path';
import { addSubgraph } from './new-subgraph/add-subgraph.ts';
import { readRequest } from './new-subgraph/request.ts';

const root = dirname(import.meta.dirname);
const request = readRequest(root, process.argv.slice(2));
if (request.kind === 'refused') {
  console.error(request.why);
  process.exit(2);
}
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => interrupted.abort(new Error('Interrupted.')));
}
try {
  const { changed } = await addSubgraph(root, request.names, {
    print: console.log,
    signal: interrupted.signal,
  });
  const { name, entity } = request.names;
  console.log(`
subgraphs/${name} is there, with the entity ${entity}. Changed besides: ${changed.join(', ')}.

  npm test                                 its tests, with all the rest
  npm start                                the whole shop, with it
  npm run dev -- --only ${name.padEnd(19)}it alone, the others mocked

The first of them installs what is new. Yours to do: say in its schema.graphql and README.md what it is for, and in its
package.json who maintains it; draw it into the picture in README.md.`);
} catch (error) {
  console.error(`${error instanceof Error ? error.message : error}\n\nAll is again as it was.`);
  process.exitCode = 1;
}
