import { openEmbeddedDocuments } from '@shop/shared/documents/embedded/open-embedded-documents';
import type { Documents } from '@shop/shared/documents/port';
import { decodeEvent } from '@shop/shared/events/decode-event';
import { createOutboxRelay, type OutboxDoc } from '@shop/shared/events/outbox-relay';
import type { EventRecord, Events } from '@shop/shared/events/port';
import { silentLog } from '@shop/shared/process/log';
import { pausedDocuments } from '../../shared/test/paused-documents.ts';
import { type Pause, Scheduler } from '../../shared/test/scheduler.ts';
import type { ProductDoc } from '../src/product.ts';
import type { ReservationDoc, ReservationLine } from '../src/reservation.ts';
import { createReservationStore } from '../src/reservation-store.ts';
import { type OrdersBatch, reserveBatch } from '../src/reserve-batch.ts';
import type { Breakage } from './breakages.ts';

/** What happens in one run: the orders, what is delivered, and the choices of the schedule. */
export interface Scenario {
  /** Stock of each product, by its index. */
  stock: number[];
  orders: { lines: ReservationLine[]; isCancelled: boolean }[];
  /** Positions in the logs of events that the relay published twice, and how much later. */
  duplicates: { position: number; later: number }[];
  /** An endless row of numbers 0..9999 that decides who runs, who dies and what is delivered. */
  choices: Iterator<number>;
}

type LogEvent = { type: 'placed' | 'cancelled'; orderId: string };

const partitions = 2;
const maxSteps = 20_000;

/**
 * Plays the scenario with the real store and batch code over the embedded documents, with several workers at a
 * time, some of them zombies, and kills; then checks the invariants. Resolves with what is violated, or null.
 */
export async function simulate(
  scenario: Scenario,
  breakage: Breakage = (documents) => documents,
): Promise<string | null> {
  const documents = openEmbeddedDocuments({ file: ':memory:' });
  try {
    const run = new Run(scenario, breakage, documents);
    await run.stockUp();
    return (await run.play()) ?? (await run.verdict());
  } finally {
    await documents.close();
  }
}

class Run {
  #scenario: Scenario;
  #breakage: Breakage;
  #documents: Documents;
  #scheduler = new Scheduler();
  #logs: LogEvent[][];
  #committed = Array.from({ length: partitions }, () => 0);
  #restocked: number[];
  #published: EventRecord[] = [];

  constructor(scenario: Scenario, breakage: Breakage, documents: Documents) {
    this.#scenario = scenario;
    this.#breakage = breakage;
    this.#documents = documents;
    this.#restocked = scenario.stock.map(() => 0);
    this.#logs = writeLogs(scenario);
  }

  async stockUp(): Promise<void> {
    const at = new Date(0);
    for (const [index, quantity] of this.#scenario.stock.entries()) {
      const name = `product ${index}`;
      await this.#products.insertOne({
        _id: `p${index}`,
        name,
        nameKey: name,
        terms: [],
        price: 10 + index,
        quantity,
        committed: 0,
        stocked: quantity,
        status: 'ACTIVE',
        createdAt: at,
        updatedAt: at,
        fence: {},
        holds: {},
        outbox: [],
      });
    }
  }

  /** Runs until every log is consumed and nobody works any more. */
  async play(): Promise<string | null> {
    for (let steps = 0; steps < maxSteps; steps++) {
      const behind = this.#behind();
      if (behind.length === 0 && this.#scheduler.count === 0) return null;
      await this.#startSomebody(behind);
      if (this.#chance(100)) await this.#restock();
      if (this.#chance(200)) await this.#scheduler.kill(this.#choose());
      const burst = this.#chance(1_000) ? 20 : 1;
      const chosen = this.#choose();
      for (let n = 0; n < burst && this.#scheduler.count > 0; n++) await this.#scheduler.step(chosen);
      if (await this.#products.findOne({ quantity: { $lt: 0 } })) return 'NEGATIVE STOCK';
    }
    return 'NO PROGRESS';
  }

  async verdict(): Promise<string | null> {
    await this.#relay(async () => undefined);
    const { stock } = this.#scenario;
    const reservations = await this.#reservations.find({}, { limit: 1_000 }).toArray();
    if (reservations.some(({ state }) => state.endsWith('ing'))) return 'UNDECIDED';
    if (reservations.length !== this.#scenario.orders.length) return 'ORDER LOST';
    if (reservations.some(({ outbox }) => outbox.length > 0)) return 'OUTBOX LEFT';
    for (const [index, quantity] of stock.entries()) {
      const product = await this.#products.findOne({ _id: `p${index}` });
      if (!product) return 'PRODUCT LOST';
      const sold = soldOf(product._id, reservations);
      const total = quantity + (this.#restocked[index] ?? 0);
      if (product.quantity + sold > total) return 'OVERSOLD';
      if (product.quantity + sold < total) return 'STOCK LOST';
      if (product.committed !== sold || product.stocked !== total) return 'COUNTERS DIFFER';
      if (Object.keys(product.holds).length > 0) return 'HOLD LEFT BEHIND';
    }
    return this.#checkDecisions(reservations);
  }

  /** One decision per order, the one that is stored, however often it was published. */
  #checkDecisions(reservations: ReservationDoc[]): string | null {
    const types = ['inventory.reserved', 'inventory.rejected', 'inventory.released'] as const;
    const decisions = new Map<string, string>();
    for (const { key, value } of this.#published) {
      const record = { key, value, headers: {}, offset: 0, timestampMs: 0 };
      const decoded = decodeEvent(record, types);
      if (decoded.kind !== 'event') return `UNREADABLE EVENT ${value}`;
      const { id, type, data } = decoded.event;
      const decision = JSON.stringify({ type, data });
      if ((decisions.get(id) ?? decision) !== decision) return 'DECIDED TWICE';
      decisions.set(id, decision);
    }
    for (const { _id, state, lines } of reservations) {
      const told = decisions.get(`${_id}:1`);
      const isReserved = state === 'reserved' || state === 'released';
      if (isReserved !== (told?.includes('inventory.reserved') ?? false)) return 'ORDERS WAS NOT TOLD';
      if (isReserved && !told?.includes(JSON.stringify(lines))) return 'OTHER LINES WERE TOLD';
      if ((state === 'rejected') !== (told?.includes('inventory.rejected') ?? false))
        return 'ORDERS WAS NOT TOLD';
      if ((state === 'released') !== decisions.has(`${_id}:2`)) return 'ORDERS WAS NOT TOLD';
    }
    return null;
  }

  // A second worker on a partition makes the first a zombie: it goes on, as after a rebalance.
  async #startSomebody(behind: number[]): Promise<void> {
    const { count } = this.#scheduler;
    if (behind.length > 0 && (count < 2 || (count < 6 && this.#chance(500)))) {
      const partition = behind[this.#choose() % behind.length] ?? 0;
      await this.#scheduler.add(`products ${partition}`, (pause) => this.#work(partition, pause));
    }
    if (count < 6 && this.#chance(100)) await this.#scheduler.add('relay', (pause) => this.#relay(pause));
  }

  async #work(partition: number, pause: Pause): Promise<void> {
    const log = this.#logs[partition] ?? [];
    const start = this.#committed[partition] ?? 0;
    const end = Math.min(log.length, start + 1 + (this.#choose() % 3));
    const batch: OrdersBatch = {
      partition: `log-${partition}`,
      lastOffset: end - 1,
      placed: [],
      cancelled: [],
    };
    for (const [index, { type, orderId }] of log.slice(start, end).entries()) {
      const offset = start + index;
      if (type === 'cancelled') batch.cancelled.push({ orderId, offset });
      else batch.placed.push({ orderId, offset, lines: this.#linesOf(orderId) });
    }
    const documents = this.#breakage(pausedDocuments(this.#documents, pause));
    const store = createReservationStore(documents, () => new Date(0));
    await reserveBatch(batch, { store, invalidation: { invalidate: pause }, onDecided: () => undefined });
    await pause();
    this.#committed[partition] = Math.max(this.#committed[partition] ?? 0, end);
  }

  async #relay(pause: Pause): Promise<void> {
    const publish = async (_: string, records: EventRecord[]) => {
      await pause();
      this.#published.push(...records);
    };
    const documents = pausedDocuments(this.#documents, pause);
    const relay = createOutboxRelay({
      collection: documents.collection<OutboxDoc>('reservations'),
      topic: 'inventory.v1',
      source: '/products',
      events: { publish } as Pick<Events, 'publish'> as Events,
      log: silentLog,
      clock: () => new Date(1),
    });
    await relay.flush();
    await relay.stop();
  }

  async #restock(): Promise<void> {
    const index = this.#choose() % this.#restocked.length;
    await this.#products.updateOne({ _id: `p${index}` }, { $inc: { quantity: 1, stocked: 1 } });
    this.#restocked[index] = (this.#restocked[index] ?? 0) + 1;
  }

  #behind(): number[] {
    const isBehind = (partition: number) =>
      (this.#committed[partition] ?? 0) < (this.#logs[partition]?.length ?? 0);
    return [...this.#logs.keys()].filter(isBehind);
  }

  #linesOf(orderId: string): ReservationLine[] {
    return this.#scenario.orders[Number(orderId.slice(1))]?.lines ?? [];
  }

  #choose(): number {
    return this.#scenario.choices.next().value;
  }

  #chance(ofTenThousand: number): boolean {
    return this.#choose() < ofTenThousand;
  }

  get #products() {
    return this.#documents.collection<ProductDoc>('products');
  }

  get #reservations() {
    return this.#documents.collection<ReservationDoc>('reservations');
  }
}

/** What the relay of Orders wrote: each order's events in order, some of them again later. */
function writeLogs({ orders, duplicates }: Scenario): LogEvent[][] {
  const logs: LogEvent[][] = Array.from({ length: partitions }, () => []);
  for (const [index, { isCancelled }] of orders.entries()) {
    const log = logs[index % partitions];
    log?.push({ type: 'placed', orderId: `o${index}` });
    if (isCancelled) log?.push({ type: 'cancelled', orderId: `o${index}` });
  }
  for (const { position, later } of duplicates) {
    const log = logs[position % partitions];
    if (!log?.length) continue;
    const from = position % log.length;
    const event = log[from];
    if (event) log.splice(Math.min(log.length, from + 1 + later), 0, { ...event });
  }
  return logs;
}

function soldOf(productId: string, reservations: ReservationDoc[]): number {
  const lines = reservations.filter(({ state }) => state === 'reserved').flatMap((r) => r.lines);
  return lines.reduce((sum, line) => (line.productId === productId ? sum + line.quantity : sum), 0);
}
