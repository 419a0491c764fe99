import { Kafka, logLevel } from 'kafkajs';
import { MongoClient } from 'mongodb';

/** Removes the databases and topics of a test run: those whose name starts with the prefix. */
export async function removeRealData(options: {
  mongodbUri: string;
  brokers: string[];
  prefix: string;
}): Promise<void> {
  const { mongodbUri, brokers, prefix } = options;
  if (prefix.length < 8) throw new Error(`the prefix ${prefix} is too short to be a test run's own`);
  await Promise.all([removeDatabases(mongodbUri, prefix), removeTopics(brokers, prefix)]);
}

async function removeDatabases(uri: string, prefix: string): Promise<void> {
  const client = new MongoClient(uri);
  try {
    const { databases } = await client.db('admin').admin().listDatabases({ nameOnly: true });
    for (const { name } of databases) if (name.startsWith(prefix)) await client.db(name).dropDatabase();
  } finally {
    await client.close();
  }
}

async function removeTopics(brokers: string[], prefix: string): Promise<void> {
  const admin = new Kafka({ clientId: 'remove-real-data', brokers, logLevel: logLevel.ERROR }).admin();
  try {
    await admin.connect();
    const topics = (await admin.listTopics()).filter((name) => name.startsWith(prefix));
    if (topics.length > 0) await admin.deleteTopics({ topics });
  } finally {
    await admin.disconnect();
  }
}
