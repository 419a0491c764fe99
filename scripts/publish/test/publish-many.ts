// A team in a process of its own: node publish-many.ts STORE NAME PUBLISHES [RETRIES]. Publishes one revision of its
// subgraph after the other and prints each that is acknowledged: `<revision> <id>`.
import { UnavailableError } from '@shop/shared/unavailable';
import { replaceSubgraphs } from '../change.ts';
import { openStore } from '../open-store.ts';
import { publish } from '../publish.ts';
import { once, plainPublisher, subgraph } from './plain-publisher.ts';

const [address = '', name = '', publishes = '', retries = '0'] = process.argv.slice(2);
const publisher = plainPublisher(openStore(address), name);

for (let revision = 1; revision <= Number(publishes); revision += 1) {
  const change = replaceSubgraphs([subgraph(name, revision)]);
  try {
    const outcome = await publish(publisher, change, { ...once, retries: Number(retries) });
    if (outcome.kind === 'published') console.log(`${revision} ${outcome.entry.id}`);
    else if (outcome.kind !== 'overtaken') throw new Error(JSON.stringify(outcome));
  } catch (error) {
    // Published or not: nobody was told that it is.
    if (!(error instanceof UnavailableError)) throw error;
  }
}
