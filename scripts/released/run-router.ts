// The router of this tree on a supergraph of before, as scripts/start.ts runs it, but for the operations that it holds a
// supergraph to: those that clients may be sending by then.
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { runRouter } from '@shop/router/run-router';
import { sentToday } from './client-operations.ts';

const root = dirname(dirname(import.meta.dirname));
await runRouter(process.env, (supergraph) => sentToday(root, readFileSync(supergraph, 'utf8')));
