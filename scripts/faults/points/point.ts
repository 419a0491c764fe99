import type { Moment } from './steps.ts';

/** What a process is to do when it comes to a step. */
export interface Arming {
  step: string;
  moment: Moment;
  /** `tell` says each time that the step was reached and goes on; the others happen once. */
  action: 'kill' | 'freeze' | 'tell';
  /** How often the step passes by before; 0 unless given. */
  skip?: number;
  /** Only where the step names one of these orders; its middle is then after the first write that does. */
  orderIds?: string[];
  /** Only where an order is named by several writes, as by those for its lines; it tells of such orders alone. */
  several?: boolean;
}

/** To a process: null takes back what it was armed with. */
export interface ArmMessage {
  arm: Arming | null;
}

/** From a process, right before it acts: with the orders that the step names. */
export interface FiredMessage {
  fired: Arming & { orderIds: string[] };
}

/** Where the process is: it may never come back from here, or much later. */
export interface Point {
  /** `orderIds` are those that the writes of the step name, one write after the other. */
  pass(step: string, moment: Moment, orderIds: () => string[]): Promise<void>;
  /** The orders in whose middle it is to be left; none: in the middle of all. */
  middleOf(step: string): string[];
}

/** The points of this process, armed by messages over its channel to whoever started it. */
export function createPoint(): Point {
  let armed: Arming | null = null;
  let skipped = 0;
  process.on('message', ({ arm }: ArmMessage) => {
    armed = arm;
    skipped = 0;
  });
  // Listening must not keep the process alive by itself.
  process.channel?.unref();
  return {
    async pass(step, moment, namedOrders) {
      if (armed?.step !== step || armed.moment !== moment) return;
      const orderIds = chosenOf(armed, namedOrders());
      if ((armed.orderIds || armed.several) && orderIds.length === 0) return;
      if (skipped++ < (armed.skip ?? 0)) return;
      const fired = { ...armed, orderIds };
      if (fired.action !== 'tell') armed = null;
      await tell({ fired });
      if (fired.action === 'kill') process.kill(process.pid, 'SIGKILL');
      if (fired.action === 'freeze') process.kill(process.pid, 'SIGSTOP');
    },
    middleOf: (step) => (armed?.step === step && armed.moment === 'between' && armed.orderIds) || [],
  };
}

function chosenOf({ orderIds, several }: Arming, named: string[]): string[] {
  const isChosen = (id: string) => !several || named.indexOf(id) !== named.lastIndexOf(id);
  return [...new Set(named)].filter((id) => isChosen(id) && (orderIds?.includes(id) ?? true));
}

function tell(message: FiredMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.send) process.send(message, () => resolve());
    else resolve();
  });
}
