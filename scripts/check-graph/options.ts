import { parseArgs } from 'node:util';

export interface Options {
  /** The revision to compare with; by default where this branch left main. */
  readonly base: string | undefined;
  /** A file of counts; by default contracts/usage.json, if it is there. */
  readonly usage: string | undefined;
  /** Where to write the report for a pull request. */
  readonly report: string | undefined;
  readonly acceptPlans: boolean;
  /** Neither plans nor notes: errors and the counts alone. */
  readonly quiet: boolean;
  readonly json: boolean;
  readonly help: boolean;
}

export const usageText = `npm run check:graph -- [options]

Composes supergraph.yaml and says whether the graph still serves every client.

  --base REV       compare with this revision; by default with where this branch left main
  --usage FILE     how often each field was asked for lately: {"Product.price": 12}; contracts/usage.json if it is there
  --report FILE    write a report in Markdown as well
  --accept-plans   write the query plans as they are now to contracts/operations/plans
  --quiet          leave out the query plan of every operation, and the notes
  --json           print everything as JSON
  --help           print this

It ends with 0 when all is well, with 1 when an error was found and with 2 when it could not look.`;

/** Reads the command line; what it does not know is invalid. */
export function readOptions(args: readonly string[]): Options | { readonly invalid: string } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        base: { type: 'string' },
        usage: { type: 'string' },
        report: { type: 'string' },
        'accept-plans': { type: 'boolean', default: false },
        quiet: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    const { base, usage, report, quiet, json, help } = values;
    const empty = Object.entries({ base, usage, report }).find(([, value]) => value === '');
    if (empty) return { invalid: `--${empty[0]} needs a value` };
    return { base, usage, report, quiet, json, help, acceptPlans: values['accept-plans'] };
  } catch (error) {
    return { invalid: error instanceof Error ? error.message : String(error) };
  }
}
