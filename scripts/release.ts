// npm run release -- orders: records the commit that is checked out as the release of Orders that runs in production.
import { dirname } from 'node:path';
import { recordRelease } from './released/record-release.ts';
import { releasesFile } from './released/releases.ts';
import { subgraphNames } from './start/subgraph-names.ts';

const [name, ...rest] = process.argv.slice(2);
if (name === undefined || rest.length > 0 || !subgraphNames.includes(name)) {
  console.error(`Usage: npm run release -- ${subgraphNames.join(' | ')}`);
  process.exitCode = 1;
} else {
  const result = recordRelease(dirname(import.meta.dirname), name);
  if (result.kind === 'refused') {
    console.error(result.reason);
    process.exitCode = 1;
  } else {
    const { version, commit } = result.release;
    console.log(`${releasesFile} says ${name} ${version}, commit ${commit}. Commit it.`);
  }
}
