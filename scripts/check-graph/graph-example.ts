import { readFileSync } from 'node:fs';
import { operationsOf } from '@shop/router/client-operations';
import { parse } from 'yaml';
import { z } from 'zod';
import { composeSupergraph, describeProblems } from '../compose/compose-supergraph.ts';
import type { SupergraphConfig } from '../compose/supergraph-config.ts';
import type { GraphInput } from './graph-input.ts';

/** What a schema of an example may use of federation, unless it links to it by itself. */
const federation =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.11", import: ["@key", "@external", "@requires", ' +
  '"@provides", "@shareable", "@override", "@inaccessible", "@tag", "@interfaceObject"])';

const isoDay = /^\d{4}-\d{2}-\d{2}$/;
const textOrMany = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());

/** The format of contracts/graph-examples; its README says what each part means. */
const exampleFile = z.strictObject({
  about: z.string().min(1),
  code: textOrMany.default([]),
  affects: z.array(z.string()).optional(),
  says: textOrMany.default([]),
  base: z.record(z.string(), z.string()).optional(),
  head: z.record(z.string(), z.string().nullable()),
  operations: z.string().default(''),
  internalOperations: z.string().default(''),
  usage: z.record(z.string(), z.number()).optional(),
  today: z.string().regex(isoDay).default('2026-06-01'),
  plans: z.record(z.string(), z.string()).optional(),
  acceptedHints: z
    .array(z.object({ code: z.string(), contains: z.string(), reason: z.string() }))
    .default([]),
});

export interface GraphExample {
  readonly input: GraphInput;
  /** Exactly the codes of the errors that the check must find; none when it must accept. */
  readonly codes: readonly string[];
  /** Exactly the operations that the errors must name. */
  readonly affects: readonly string[] | undefined;
  /** Each must be in some message. */
  readonly says: readonly string[];
}

/**
 * Reads an example of a change to a graph, and what the check must say of it.
 *
 * @throws Error when it is not of the format or its base does not compose
 */
export function readGraphExample(path: string): GraphExample {
  const parsed = exampleFile.safeParse(parse(readFileSync(path, 'utf8')));
  if (!parsed.success) throw new Error(`${path}: ${z.prettifyError(parsed.error)}`);
  const { base, head, usage, today, plans, code, ...rest } = parsed.data;
  const input: GraphInput = {
    subgraphs: configOf({ ...base, ...head }),
    baseSupergraphSdl: base ? supergraphOf(configOf(base)) : null,
    operations: [
      ...operationsIn('operations.graphql', rest.operations),
      ...operationsIn('internal/operations.graphql', rest.internalOperations),
    ],
    ...(usage && { usage }),
    plans: plans ?? null,
    acceptedHints: rest.acceptedHints,
    today: new Date(`${today}T12:00:00.000Z`),
  };
  return { input, codes: code, affects: rest.affects, says: rest.says };
}

function operationsIn(file: string, text: string) {
  return text.trim() === '' ? [] : operationsOf(file, text);
}

function configOf(sdls: Readonly<Record<string, string | null>>): SupergraphConfig {
  const subgraphs = Object.entries(sdls).flatMap(([name, sdl], index) => {
    if (sdl === null) return [];
    const url = `http://127.0.0.1:${4_001 + index}/graphql`;
    // On the same line, so that lines are counted as in the file.
    const linked = sdl.includes('@link(') ? sdl : `${federation} ${sdl}`;
    return [{ name, url, file: `${name}.graphql`, sdl: linked }];
  });
  return { federationVersion: '=2.14.4', subgraphs };
}

function supergraphOf(config: SupergraphConfig): string {
  const base = composeSupergraph(config);
  if (base.kind === 'invalid')
    throw new Error(`The base does not compose.\n${describeProblems(base.problems)}`);
  return base.supergraphSdl;
}
