import { z } from 'zod';

export type Environment = Record<string, string | undefined>;

/** Every problem of an environment, one line each. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/**
 * The frozen configuration that the schema reads from the environment; an empty variable counts as unset.
 * Throws a ConfigError that lists every problem at once.
 */
export function readConfig<Schema extends z.ZodObject>(
  schema: Schema,
  environment: Environment,
): Readonly<z.output<Schema>> {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(given);
  if (parsed.success) return Object.freeze(parsed.data);
  const problems = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new ConfigError(`The configuration has ${problems.length} problem(s):\n${problems.join('\n')}`);
}

/** As readConfig; prints the problems and ends the process with code 1 instead of throwing. */
export function readConfigOrExit<Schema extends z.ZodObject>(
  schema: Schema,
  environment: Environment,
): Readonly<z.output<Schema>> {
  try {
    return readConfig(schema, environment);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}

const required = (what: string) => (issue: { input: unknown }) =>
  issue.input === undefined ? `is required: ${what}` : 'is not valid';

const commaSeparated = (item: z.ZodType<string, string>, what: string) =>
  z
    .string({ error: required(what) })
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter(Boolean),
    )
    .pipe(z.array(item).min(1, 'needs at least one entry').max(32));

const httpUrl = z.url({ protocol: /^https?$/, error: 'must be http(s) URLs separated by commas' });

/** Where a part listens and how much it says; PORT 0 takes any free port. */
export const listenSettings = (defaultPort: number) => ({
  PORT: z.coerce.number('must be a port number').int().min(0).max(65_535).default(defaultPort),
  HOST: z.string().default('127.0.0.1'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
});

export const mongodbUri = z
  .string({ error: required('the MongoDB server of this part, mongodb://…') })
  .regex(/^mongodb(\+srv)?:\/\//, 'must start with mongodb:// or mongodb+srv://');

export const kafkaBrokers = commaSeparated(
  z.string().regex(/^[^\s:]+:\d+$/, 'must be host:port pairs separated by commas'),
  'the Kafka brokers of this part, host:port pairs separated by commas',
);

export const redisUrl = z.string().regex(/^rediss?:\/\//, 'must start with redis:// or rediss://');

export const apiSecret = z
  .string({ error: required("the admin's x-api-key, at least 16 characters") })
  .min(16, 'must have at least 16 characters');

/** What Users' signing keys are encrypted with: the first encrypts, any of them decrypts. */
export const keysSecrets = commaSeparated(
  z.string().min(32, 'must have at least 32 characters, each of them where commas separate several'),
  'what signing keys are encrypted with, at least 32 characters',
);

/** Where a subgraph is found: one URL, or several processes of it separated by commas. An origin alone means its /graphql. */
export const subgraphUrls = commaSeparated(httpUrl, 'http(s) URLs separated by commas').transform((urls) =>
  urls.map((url) => (new URL(url).pathname === '/' ? new URL('/graphql', url).href : url)),
);

/** For a part that runs alone: where Users publishes the keys of access tokens; of several processes, the first. */
export const usersUrl = subgraphUrls.default(['http://127.0.0.1:4001']).transform((urls) => urls[0]!);

export const databasePrefix = z
  .string()
  .regex(/^[a-z0-9_-]*$/i, 'may hold letters, digits, _ and - only')
  .default('shop_');

export const topicPrefix = z
  .string()
  .regex(/^[a-z0-9._-]*$/i, 'may hold letters, digits, ., _ and - only')
  .default('');

export const orderExpiresAfterMs = z.coerce.number('must be milliseconds').int().min(1_000).default(900_000);

export const dataDir = z.string().default('.data');
