import { parseArgs } from 'node:util';

/** What a run of a bench is to do. */
export interface BenchOptions {
  targets: ('embedded' | 'real')[];
  /** Of one slice of one variant. */
  seconds: number;
  rounds: number;
  connections: number;
  /** How many products the small and the large catalogue have. */
  catalogue: { small: number; large: number };
  /** The real servers: started for this run, or those that MONGODB_URI, KAFKA_BROKERS and REDIS_URL name. */
  servers: 'started' | 'given';
  /** Where the result goes as JSON besides. */
  json: string | undefined;
}

const full = { seconds: 3, rounds: 6, connections: 100, catalogue: { small: 1_000, large: 100_000 } };
const quick = { ...full, seconds: 1, rounds: 2, catalogue: { small: 1_000, large: 10_000 } };

/** The options that the arguments ask for, or what is wrong with them. */
export function readOptions(verb: string, args: string[]): BenchOptions | string {
  try {
    const { values } = parseArgs({
      args,
      options: {
        embedded: { type: 'boolean', default: false },
        real: { type: 'boolean', default: false },
        quick: { type: 'boolean', default: false },
        seconds: { type: 'string' },
        rounds: { type: 'string' },
        connections: { type: 'string' },
        servers: { type: 'string', default: 'started' },
        json: { type: 'string' },
      },
    });
    const { servers, json } = values;
    if (servers !== 'started' && servers !== 'given') throw new Error('--servers: started or given');
    const basis = values.quick ? quick : full;
    const both = values.embedded === values.real;
    return {
      targets: both ? ['embedded', 'real'] : [values.real ? 'real' : 'embedded'],
      seconds: readNumber('seconds', values.seconds, basis.seconds, 600),
      rounds: readNumber('rounds', values.rounds, basis.rounds, 100),
      connections: readNumber('connections', values.connections, basis.connections, 1_000),
      catalogue: basis.catalogue,
      servers,
      json,
    };
  } catch (error) {
    const usage = `Usage: npm run ${verb} -- [--embedded | --real] [--quick] [--seconds N] [--rounds N] [--connections N]`;
    return `${(error as Error).message}\n${usage} [--servers given] [--json FILE]`;
  }
}

function readNumber(name: string, given: string | undefined, otherwise: number, max: number): number {
  const value = Number(given ?? otherwise);
  if (!Number.isInteger(value) || value < 1 || value > max)
    throw new Error(`--${name}: a whole number from 1 to ${max}`);
  return value;
}
