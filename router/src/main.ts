import { runRouter } from './run-router.ts';

/** The router alone, as in production. */
await runRouter(process.env);
