import { parseArgs } from 'node:util';

export type DevOptions =
  | { readonly kind: 'accepted'; readonly real: readonly string[]; readonly mocked: readonly string[] }
  | { readonly kind: 'refused'; readonly why: string };

/** Which of these subgraphs are to be real: all, unless `--only` names some. */
export function readDevOptions(args: string[], names: readonly string[]): DevOptions {
  try {
    const { values } = parseArgs({ args, options: { only: { type: 'string', multiple: true } } });
    const wanted = values.only?.flatMap((each) => each.split(',')).map((each) => each.trim());
    const unknown = wanted?.find((name) => !names.includes(name));
    if (unknown !== undefined) {
      throw new Error(
        `There is no subgraph ${JSON.stringify(unknown)}: supergraph.yaml has ${names.join(', ')}.`,
      );
    }
    const isReal = (name: string) => wanted?.includes(name) ?? true;
    return { kind: 'accepted', real: names.filter(isReal), mocked: names.filter((name) => !isReal(name)) };
  } catch (error) {
    const why = `${(error as Error).message}\nUsage: npm run dev, or npm run dev -- --only orders,products`;
    return { kind: 'refused', why };
  }
}
