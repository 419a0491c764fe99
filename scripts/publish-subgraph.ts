/** `npm run publish:subgraph`: ships the schema of one subgraph into the supergraph that routers serve. */
import { readPublishCommand } from './publish/publish-command.ts';
import { runScript } from './publish/run-script.ts';

process.exitCode = await runScript(readPublishCommand(process.argv.slice(2), process.env.SUPERGRAPH_STORE));
