import type { KafkaTopics } from '../../subgraphs/shared/test/kafka-topics.ts';
import type { Counts } from '../cluster/config.ts';
import type { Network } from './network.ts';
import type { Servers } from './servers.ts';

/** What a scenario acts upon while clients place orders: the processes, the servers and the wires between them. */
export interface Stage {
  processes: Processes;
  servers: Servers;
  /** There only for a scenario that asks for it: then every process reaches its servers through it. */
  network: Network;
  /** Raw access to what lies in the topics, under the names of this shop. */
  topics: KafkaTopics;
  random: Random;
  /** How many orders clients have been told of until now. */
  acknowledged(): number;
  /** Sleeps, in milliseconds. */
  pause(ms: number): Promise<void>;
  /** A line of progress. */
  say(text: string): void;
  /** Something that is wrong in itself, whatever the invariants say later. */
  violation(text: string): void;
}

/** The processes of the cluster by their names, `products.2`; one that ended is started again after a second. */
export interface Processes {
  /** The names of a part's processes. */
  of(part: string): string[];
  /** Resolves when it has ended. */
  kill(name: string): Promise<void>;
  freeze(name: string): void;
  wake(name: string): void;
  /** SIGTERM; resolves with the exit code, when another is being started. */
  restart(name: string): Promise<number | null>;
  /** SIGTERM, and nobody takes its place until `add`. */
  remove(name: string): Promise<void>;
  add(name: string): void;
  /** Resolves once every process that should run says so on /readyz; rejects after 180 s. */
  untilReady(): Promise<void>;
  /** To a process started with crash points: what it is to do at which step. */
  send(name: string, message: object): void;
  /** Resolves with the next message from this process; null after `withinMs`. */
  nextMessage(name: string, withinMs: number): Promise<unknown>;
}

/** Repeats with its seed. */
export interface Random {
  /** 0 ≤ n < bound. */
  below(bound: number): number;
  pick<Item>(items: readonly Item[]): Item;
}

export interface Scenario {
  /** `kill-products`: what `--scenario` names. */
  name: string;
  /** One line: what happens. */
  about: string;
  /** How many processes; two Products and two Orders, unless told otherwise. */
  layout?: Counts;
  /** Every process reaches its servers through `stage.network`. */
  network?: boolean;
  /** Variables for single processes (`products.1`), such as those that shift a clock. */
  variables?(name: string): Record<string, string>;
  /** Products and Orders run with crash points, as faults/points/part.ts starts them. */
  points?: boolean;
  /** It needs as many placements to come to everything, whatever is asked for. */
  ordersAtLeast?: number;
  /** How long clients place orders; the fault comes in the middle. */
  loadMs: number;
  /** It runs with three seeds at most. */
  slow?: boolean;
  /** Another scenario comes to the same among others: it is played only when its name is given. */
  onlyByName?: boolean;
  /** Whether requests may fail with SERVICE_UNAVAILABLE even at the second attempt while this fault lasts. */
  mayRefuse?: boolean;
  /** How many dead letters it leaves on purpose. */
  deadLetters?: number;
  /** The fault and its healing; clients place orders all the while. */
  inject(stage: Stage): Promise<void>;
}
