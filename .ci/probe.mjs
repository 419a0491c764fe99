// Waits until a server answers in its own protocol:
//   node probe.mjs <kafka|redis|mongo|mongod|toxiproxy> <port> <pid> <timeoutMs>
// Exit code 0: it answers. 1: its process has ended, or it did not answer in time. Needs no package and runs on Node 20.
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const RETRY_EVERY_MS = 50;
const ANSWER_WITHIN_MS = 2_000;

/** One BSON document of int32, string, document and array values: all that the commands below need. */
function bson(fields) {
  const parts = Object.entries(fields).map(([name, value]) => {
    const [type, bytes] = bsonValue(value);
    return Buffer.concat([Buffer.from([type]), Buffer.from(`${name}\0`), bytes]);
  });
  const body = Buffer.concat([...parts, Buffer.from([0])]);
  return Buffer.concat([int32le(body.length + 4), body]);
}

function bsonValue(value) {
  if (typeof value === 'number') return [0x10, int32le(value)];
  if (typeof value === 'string') {
    const text = Buffer.from(`${value}\0`);
    return [0x02, Buffer.concat([int32le(text.length), text])];
  }
  return [Array.isArray(value) ? 0x04 : 0x03, bson(value)];
}

function int32le(number) {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(number);
  return bytes;
}

/** A MongoDB command as one OP_MSG (opcode 2013). */
function mongoCommand(command) {
  const body = Buffer.concat([int32le(0), Buffer.from([0]), bson({ ...command, $db: 'admin' })]);
  return Buffer.concat([int32le(body.length + 16), int32le(1), int32le(0), int32le(2013), body]);
}

/** Kafka's Metadata request, version 0, for all topics: a broker lists itself only once it serves. */
function kafkaMetadata() {
  return Buffer.from([0, 0, 0, 18, 0, 3, 0, 0, 0, 0, 0, 1, 0, 4, ...Buffer.from('wait'), 0, 0, 0, 0]);
}

/** Sends one request and gives the first answer, whole as far as its length field says. */
function ask(port, request, lengthOf) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(request));
    let answer = Buffer.alloc(0);
    socket.setTimeout(ANSWER_WITHIN_MS, () => socket.destroy(new Error('no answer')));
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('closed')));
    socket.on('data', (bytes) => {
      answer = Buffer.concat([answer, bytes]);
      if (answer.length < 4 || answer.length < lengthOf(answer)) return;
      resolve(answer);
      socket.destroy();
    });
  });
}

const mongoLength = (answer) => answer.readInt32LE(0);
// The old name of `hello`: mongo-java-server knows no other, and MongoDB answers to both.
const isMaster = mongoCommand({ isMaster: 1 });
const isPrimary = (answer) => answer.includes('\x08ismaster\0\x01', 0, 'latin1');

const probes = {
  redis: async (port) => (await ask(port, 'PING\r\n', () => 7)).toString() === '+PONG\r\n',
  kafka: async (port) => {
    const answer = await ask(port, kafkaMetadata(), (bytes) => bytes.readInt32BE(0) + 4);
    return answer.readInt32BE(8) > 0;
  },
  mongo: async (port) => isPrimary(await ask(port, isMaster, mongoLength)),
  toxiproxy: async (port) => {
    const answer = await ask(port, 'GET /version HTTP/1.0\r\n\r\n', () => 12);
    return answer.toString().startsWith('HTTP/1.0 200');
  },
  // A real mongod: a replica set of one. Initiating it again is refused, which is as good.
  mongod: async (port) => {
    const config = { _id: 'rs0', members: [{ _id: 0, host: `127.0.0.1:${port}` }] };
    if (isPrimary(await ask(port, isMaster, mongoLength))) return true;
    await ask(port, mongoCommand({ replSetInitiate: config }), mongoLength);
    return false;
  },
};

/** A port that nothing listens on, below the range from which clients get theirs: it is still free at a restart. */
async function freePort(given) {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    if (given.has(port)) continue;
    const server = createServer();
    const free = await new Promise((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
    });
    if (free) return port;
  }
  throw new Error('no free port between 20000 and 29999');
}

function lives(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const [what, ...args] = process.argv.slice(2);
if (what === 'free-port') {
  console.log(await freePort(new Set(args.map(Number))));
} else {
  const [port, pid, timeoutMs] = args;
  const deadline = Date.now() + Number(timeoutMs);
  let answers = false;
  while (!answers && lives(Number(pid)) && Date.now() < deadline) {
    answers = await probes[what](Number(port)).catch(() => false);
    if (!answers) await sleep(RETRY_EVERY_MS);
  }
  process.exitCode = answers ? 0 : 1;
}
