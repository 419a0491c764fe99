import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Counts } from '../cluster/config.ts';
import { layOut, type Member } from '../cluster/layout.ts';
import { startSupervisor } from '../cluster/supervisor.ts';
import { freePorts } from '../e2e/free-ports.ts';
import { untilReady } from '../start/until-ready.ts';
import type { Processes, Scenario } from './stage.ts';

export interface RunningProcesses extends Processes {
  members: Member[];
  /** The origins of the routers. */
  routers: string[];
  stop(): Promise<void>;
}

export interface ProcessesOptions {
  scenario: Scenario;
  /** What every process gets. */
  environment: Record<string, string>;
  /** What the processes of a part get besides. */
  variablesOf(part: Member['part']): Record<string, string>;
  /** Gets every line that a process prints. */
  logFile: string;
}

const pointsScript = fileURLToPath(new URL('./points/part.ts', import.meta.url));
const usual: Counts = { products: 2, orders: 2 };
// So many that clients find one while the other is being restarted.
const routerCount = 2;
const maxSubgraphProcesses = 12;
/** A cold Kafka with six topics to create may need a minute on a busy machine, and a group waits for its dead. */
const readyWithinMs = 180_000;

/** Starts the cluster of a scenario; resolves when every process is ready. */
export async function startProcesses(options: ProcessesOptions): Promise<RunningProcesses> {
  const members = await layOutScenario(options);
  const mailboxes = new Map(members.map(({ name }) => [name, createMailbox()]));
  const supervisor = startSupervisor(members, {
    environment: options.environment,
    print: (line) => appendFileSync(options.logFile, `${new Date().toISOString()} ${line}\n`),
    restartAtMostAfterMs: 1_000,
    onStart: (name, child) => child.on('message', (message) => mailboxes.get(name)?.put(message)),
  });
  const wanted = new Set(members);
  const memberOf = (name: string) => {
    const member = members.find((each) => each.name === name);
    if (!member) throw new Error(`there is no process ${name}`);
    return member;
  };
  const signal = (name: string, sent: NodeJS.Signals) =>
    supervisor.processOf(memberOf(name).name)?.kill(sent);
  const end = async (name: string, sent: NodeJS.Signals) => {
    const child = supervisor.processOf(memberOf(name).name);
    const code = child ? exitOf(child) : null;
    child?.kill(sent);
    return code;
  };
  const processes: RunningProcesses = {
    members,
    routers: members.filter(({ part }) => part === 'router').map(({ url }) => url),
    of: (part) => members.filter((member) => member.part === part).map(({ name }) => name),
    kill: async (name) => void (await end(name, 'SIGKILL')),
    restart: (name) => end(name, 'SIGTERM'),
    freeze: (name) => signal(name, 'SIGSTOP'),
    wake: (name) => signal(name, 'SIGCONT'),
    async remove(name) {
      wanted.delete(memberOf(name));
      await supervisor.remove(name);
    },
    add(name) {
      wanted.add(memberOf(name));
      supervisor.add(memberOf(name));
    },
    untilReady: () => untilReady([...wanted], () => undefined, readyWithinMs),
    send: (name, message) => void supervisor.processOf(name)?.send(message),
    nextMessage: (name, withinMs) => mailboxes.get(name)?.take(withinMs) ?? Promise.resolve(null),
    async stop() {
      // A frozen process would never hear that it is to end.
      for (const { name } of members) signal(name, 'SIGCONT');
      await supervisor.stop();
    },
  };
  try {
    await processes.untilReady();
  } catch (error) {
    await processes.stop();
    throw error;
  }
  return processes;
}

async function layOutScenario({ scenario, variablesOf }: ProcessesOptions): Promise<Member[]> {
  const port = await freePorts(1 + maxSubgraphProcesses + routerCount);
  const laidOut = layOut({ ...usual, ...scenario.layout }, { host: '127.0.0.1', port });
  const router = laidOut.at(-1);
  if (router?.part !== 'router') throw new Error('the router comes last');
  const secondPort = `${port + 1 + maxSubgraphProcesses}`;
  const second = {
    ...router,
    name: 'router.2',
    url: `http://127.0.0.1:${secondPort}`,
    variables: { ...router.variables, PORT: secondPort },
  };
  return [...laidOut, second].map((member) => {
    const { name, part, variables } = member;
    const hasPoints = scenario.points && (part === 'products' || part === 'orders');
    return {
      ...member,
      ...(hasPoints && { script: pointsScript }),
      variables: { ...variables, ...variablesOf(part), ...scenario.variables?.(name) },
    };
  });
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  const [code]: (number | null)[] = await once(child, 'close');
  return code ?? null;
}

const maxMessages = 100;

/** Messages in the order of their coming; the oldest go when nobody takes them. */
function createMailbox() {
  const kept: unknown[] = [];
  let waiting: ((message: unknown) => void) | undefined;
  return {
    put(message: unknown): void {
      if (waiting) waiting(message);
      else kept.push(message);
      if (kept.length > maxMessages) kept.shift();
    },
    take(withinMs: number): Promise<unknown> {
      if (kept.length > 0) return Promise.resolve(kept.shift());
      const { promise, resolve } = Promise.withResolvers<unknown>();
      const timer = setTimeout(() => waiting?.(null), withinMs);
      waiting = (message) => {
        clearTimeout(timer);
        waiting = undefined;
        resolve(message);
      };
      return promise;
    },
  };
}
