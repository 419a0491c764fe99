import { writeFileSync } from 'node:fs';
import { type BenchOptions, readOptions } from './options.ts';
import { givenServers, type Servers, startServers } from './servers.ts';
import type { Print } from './shops.ts';
import { type Result, toJson, toMarkdown } from './table.ts';

type Bench = (options: BenchOptions, print: Print, openServers: () => Promise<Servers>) => Promise<Result>;

/** A bench as a command: its progress on stderr, its table on stdout, and JSON where it is asked for. */
export async function runBench(verb: string, bench: Bench): Promise<void> {
  const options = readOptions(verb, process.argv.slice(2));
  if (typeof options === 'string') {
    console.error(options);
    process.exitCode = 1;
    return;
  }
  const startMs = performance.now();
  const print = (line: string) =>
    console.error(`${((performance.now() - startMs) / 1_000).toFixed(0).padStart(4)} s  ${line}`);
  let servers: Promise<Servers> | undefined;
  const openServers = () => {
    servers = options.servers === 'given' ? givenServers(process.env) : startServers(print);
    return servers;
  };
  // A bench that is interrupted leaves no server behind; the processes of its shops end with this one.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, async () => {
      await servers?.then((opened) => opened.close()).catch((error) => console.error(error));
      process.exit(130);
    });
  }
  const result = await bench(options, print, openServers);
  console.log(toMarkdown(result));
  if (options.json !== undefined) writeFileSync(options.json, toJson(result));
}
