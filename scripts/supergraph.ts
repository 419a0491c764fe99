/** `npm run supergraph -- history | show | rollback | remove | repair`: the supergraphs that were published. */
import { readSupergraphCommand } from './publish/command.ts';
import { runScript } from './publish/run-script.ts';

process.exitCode = await runScript(
  readSupergraphCommand(process.argv.slice(2), process.env.SUPERGRAPH_STORE),
);
