import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { readClientOperations } from '@shop/router/client-operations';
import { readReleasedDocuments } from '@shop/router/operation-manifest';
import { z } from 'zod';
import { compareFiles, versionProblem } from '../compose/composed-files.ts';
import { readSupergraphConfig } from '../compose/supergraph-config.ts';
import type { ComposedGraph } from './check-graph.ts';
import type { GraphFinding } from './finding.ts';
import type { GraphInput } from './graph-input.ts';
import { readAcceptedHints } from './judge-hints.ts';
import { readPlans } from './plan-files.ts';

export const operationsFolder = 'contracts/operations';
export const plansFolder = `${operationsFolder}/plans`;
const hintsFile = 'contracts/accepted-hints.yaml';
const usageFile = 'contracts/usage.json';

const usageCounts = z.record(z.string().regex(/^\w+\.\w+$/), z.int().nonnegative());

/** Which part of the input is not in the working tree. */
export interface GivenInput {
  readonly baseSupergraphSdl: string | null;
  readonly usage: string | undefined;
  readonly today: Date;
}

/**
 * Reads what the check of a working tree depends on.
 *
 * @throws Error naming the file that is missing or wrong
 */
export function readGraphInput(root: string, given: GivenInput): GraphInput {
  const usage = readUsage(given.usage ?? join(root, usageFile), given.usage !== undefined);
  const hints = join(root, hintsFile);
  const operations = join(root, operationsFolder);
  return {
    subgraphs: readSupergraphConfig(join(root, 'supergraph.yaml')),
    baseSupergraphSdl: given.baseSupergraphSdl,
    operations: existsSync(operations) ? readClientOperations(operations) : [],
    released: readReleasedDocuments(operations),
    ...(usage && { usage }),
    plans: readPlans(join(root, plansFolder)),
    acceptedHints: existsSync(hints) ? readAcceptedHints(hints) : [],
    today: given.today,
  };
}

/** What in the working tree is not as supergraph.yaml and its schemas make it, as errors. */
export function fileFindings(
  root: string,
  input: GraphInput,
  composed: ComposedGraph | null,
): GraphFinding[] {
  const error = (code: string, message: string, file: string): GraphFinding => {
    return { area: 'files', code, severity: 'error', message, locations: [`${file}:1:1`] };
  };
  const version = versionProblem(root, input.subgraphs);
  const stale = composed === null ? [] : compareFiles(root, composed.supergraphSdl, composed.publicApiSdl);
  return [
    ...(version === null ? [] : [error('FEDERATION_VERSION', version, 'supergraph.yaml')]),
    ...stale
      .filter(({ isCurrent }) => !isCurrent)
      .map(({ path }) => {
        const file = relative(root, path);
        return error('STALE_FILE', `${file} is not up to date: run \`npm run compose\`, commit it.`, file);
      }),
  ];
}

function readUsage(path: string, isRequired: boolean): Readonly<Record<string, number>> | undefined {
  if (!isRequired && !existsSync(path)) return undefined;
  let counts: unknown;
  try {
    counts = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Error(`The counts of usage cannot be read: ${(error as Error).message}`, { cause: error });
  }
  const parsed = usageCounts.safeParse(counts);
  if (!parsed.success)
    throw new Error(`${path} is not like {"Product.price": 12}:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
