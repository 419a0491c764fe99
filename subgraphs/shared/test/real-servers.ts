/**
 * The real servers that the suites also run against: null where the variable is not set. With
 * TEST_REAL_SERVERS=required (as CI sets it) a missing variable is an error, so that no real suite is skipped
 * unseen. `.ci/services start` starts such servers and prints these variables.
 */
function server(variable: string): string | null {
  const value = process.env[variable];
  if (!value && process.env.TEST_REAL_SERVERS === 'required') throw new Error(`${variable} is required`);
  return value || null;
}

export const mongodbUri = server('TEST_MONGODB_URI');
export const kafkaBrokers = server('TEST_KAFKA_BROKERS');
export const redisUrl = server('TEST_REDIS_URL');
