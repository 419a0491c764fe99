/** `npm run cluster -- --products 2 --orders 2`: every part its own process on real servers, as in production. */
import { readConfigOrExit } from '@shop/shared/process/config';
import { clusterConfig, readCounts } from './cluster/config.ts';
import { layOut } from './cluster/layout.ts';
import { startSupervisor } from './cluster/supervisor.ts';
import { untilReady } from './start/until-ready.ts';
import { printWelcome } from './start/welcome.ts';

const config = readConfigOrExit(clusterConfig, process.env);
const counts = readCounts(process.argv.slice(2));
if (typeof counts === 'string') {
  console.error(counts);
  process.exit(1);
}

const members = layOut(counts, { host: config.HOST, port: config.PORT });
const supervisor = startSupervisor(members, { environment: process.env, print: console.log });
const stop = () => supervisor.stop().then((exitCode) => process.exit(exitCode));
process.once('SIGINT', stop);
process.once('SIGTERM', stop);
try {
  await untilReady(members, console.log);
  printWelcome({ url: `http://${config.HOST}:${config.PORT}` });
} catch (error) {
  if (!supervisor.isStopping()) {
    console.error(error instanceof Error ? error.message : error);
    await supervisor.stop();
    process.exit(1);
  }
}
