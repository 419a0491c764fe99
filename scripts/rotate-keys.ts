/** `npm run keys:rotate`: the next key that signs access tokens; `-- --leaked` at once, since the one before is known to others. */
import { parseArgs } from 'node:util';
import { openDocuments } from '@shop/shared/documents/open-documents';
import {
  apiSecret,
  databasePrefix,
  dataDir,
  keysSecrets,
  mongodbUri,
  readConfigOrExit,
} from '@shop/shared/process/config';
import { keyTimings } from '@shop/users/key-schedule';
import { createKeysCipher } from '@shop/users/keys-cipher';
import { keysSecretsOf } from '@shop/users/keys-secrets';
import { type RotateOutcome, rotateKeys } from '@shop/users/rotate-keys';
import { createSigningKeyStore } from '@shop/users/signing-key-store';
import { z } from 'zod';
import { readKeptKeysSecret } from './start/api-secret.ts';

const schema = z.object({
  MONGODB_URI: mongodbUri.optional(),
  DATABASE_PREFIX: databasePrefix,
  DATA_DIR: dataDir,
  KEYS_SECRET: keysSecrets.optional(),
  API_SECRET: apiSecret.optional(),
});

function readArguments(): { isLeaked: boolean } {
  try {
    const { values } = parseArgs({ options: { leaked: { type: 'boolean', default: false } } });
    return { isLeaked: values.leaked };
  } catch (error) {
    console.error(`${(error as Error).message}\nUsage: npm run keys:rotate [-- --leaked]`);
    process.exit(2);
  }
}

function describe(outcome: RotateOutcome): string {
  if (outcome.kind === 'noKeys') return 'There is no key yet: the first start of Users makes it.';
  if (outcome.kind === 'tooManyKeys')
    return 'There are as many keys as there can be: wait until one has retired.';
  const { kid, signsFrom, retiresEarlierAt } = outcome.next;
  const known =
    outcome.kind === 'scheduled' ? 'is published from now on' : 'was published before; nothing is changed';
  return `The key ${kid} ${known}. It signs from ${signsFrom.toISOString()}; the keys before it retire at ${retiresEarlierAt.toISOString()}.`;
}

/** As Users has them. */
function secretsOf({ MONGODB_URI, KEYS_SECRET, API_SECRET, DATA_DIR }: z.output<typeof schema>) {
  if (MONGODB_URI === undefined) return KEYS_SECRET ?? [readKeptKeysSecret(DATA_DIR)];
  if (API_SECRET !== undefined) return keysSecretsOf({ KEYS_SECRET, API_SECRET }, { warn: () => {} });
  if (KEYS_SECRET !== undefined) return KEYS_SECRET;
  throw new Error('Set KEYS_SECRET to that of Users, or API_SECRET where Users has no KEYS_SECRET.');
}

const { isLeaked } = readArguments();
const config = readConfigOrExit(schema, process.env);
try {
  const secrets = secretsOf(config);
  const documents = await openDocuments({
    uri: config.MONGODB_URI,
    database: `${config.DATABASE_PREFIX}users`,
    dataDir: config.DATA_DIR,
  });
  try {
    const store = createSigningKeyStore(documents, createKeysCipher(secrets), keyTimings);
    const outcome = await rotateKeys(store, { clock: () => new Date(), timings: keyTimings, isLeaked });
    const isDone = outcome.kind === 'scheduled' || outcome.kind === 'alreadyScheduled';
    (isDone ? console.log : console.error)(describe(outcome));
    if (!isDone) process.exitCode = 1;
  } finally {
    await documents.close();
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
