/** `npm run supergraph -- history | show | rollback | remove | repair`: the supergraphs that were published. */

import { runScript } from './publish/run-script.ts';
import { readSupergraphCommand } from './publish/supergraph-command.ts';

process.exitCode = await runScript(
  readSupergraphCommand(process.argv.slice(2), process.env.SUPERGRAPH_STORE),
);
