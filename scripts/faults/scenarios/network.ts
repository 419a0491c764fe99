import { type Network, type Wire, wires } from '../network.ts';
import type { Scenario } from '../stage.ts';

interface Fault {
  /** The scenario's name begins with it. */
  name: string;
  about: string;
  lastsMs: number;
  begin(network: Network, wire: Wire): Promise<void>;
}

const faults: Fault[] = [
  {
    name: 'slow',
    about: 'every answer comes 200 ms later',
    lastsMs: 8_000,
    begin: (network, wire) => network.slow(wire, 200),
  },
  {
    name: 'lossy',
    about: 'data comes late and in pieces, and connections break',
    lastsMs: 10_000,
    begin: (network, wire) => network.lossy(wire),
  },
  {
    name: 'closed',
    about: 'connections end and are refused',
    lastsMs: 8_000,
    begin: (network, wire) => network.cut(wire, 'closed'),
  },
  {
    name: 'silent',
    about: 'whatever is sent is swallowed',
    // Longer than the 12 s after which Kafka gives a silent consumer's partitions to others.
    lastsMs: 16_000,
    begin: (network, wire) => network.cut(wire, 'silent'),
  },
];

function scenarioOf({ name, about, lastsMs, begin }: Fault, wire: Wire): Scenario {
  const [part, server] = wire;
  return {
    name: `${name}-${part}-${server}`,
    about: `Between ${part} and ${server}, ${about}, for ${lastsMs / 1_000} s.`,
    network: true,
    // Redis comes back when all orders are placed and decided: what it kept is from before.
    loadMs: server === 'redis' ? lastsMs / 2 : 2 * lastsMs,
    slow: true,
    // Without its database a part cannot do what it is asked; without Kafka or Redis it can.
    mayRefuse: server === 'mongo' && name !== 'slow',
    async inject({ network, pause }) {
      await begin(network, wire);
      await pause(lastsMs);
      await network.heal();
    },
  };
}

/** Each fault on each wire: `slow-products-mongo`. */
export const networkScenarios: Scenario[] = faults.flatMap((fault) =>
  wires.map((wire) => scenarioOf(fault, wire)),
);
