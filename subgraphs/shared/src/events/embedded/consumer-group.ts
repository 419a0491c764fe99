import type { Logger } from 'pino';
import { settlesWithin } from '../backoff.ts';
import { rebalanceTimeoutMs } from '../deliver.ts';
import { Lease, type LeaseOptions, type Member } from './lease.ts';
import type { Partition } from './record-log.ts';

export interface ConsumerGroupOptions extends Pick<LeaseOptions, 'group' | 'positions' | 'read'> {
  partitions: (topic: string) => Partition[];
  log: Logger;
}

/** The members of one group in this process, and which of them has which partition. */
export class ConsumerGroup {
  #options: ConsumerGroupOptions;
  #members: Member[] = [];
  #leases = new Map<Partition, Lease>();

  constructor(options: ConsumerGroupOptions) {
    this.#options = options;
  }

  join(member: Member): void {
    this.#members.push(member);
    this.#rebalance();
  }

  /** Resolves when the member's running batches are done, or after the rebalance timeout. */
  async leave(member: Member): Promise<void> {
    const own = this.#leasesOf(member);
    this.#members = this.#members.filter((other) => other !== member);
    this.#rebalance();
    await settlesWithin(Promise.all(own.map((lease) => lease.done)), rebalanceTimeoutMs);
  }

  isReady(member: Member): boolean {
    return this.#leasesOf(member).every((lease) => lease.isRunning());
  }

  wake(partition: Partition): void {
    this.#leases.get(partition)?.wake();
  }

  #leasesOf(member: Member): Lease[] {
    return [...this.#leases.values()].filter((lease) => lease.member === member);
  }

  /** Deals the partitions of every topic round among the members that want it. Who keeps one is not disturbed. */
  #rebalance(): void {
    const owners = this.#owners();
    for (const [partition, lease] of this.#leases) {
      if (owners.get(partition) !== lease.member) lease.revoke();
    }
    for (const [partition, member] of owners) {
      const previous = this.#leases.get(partition);
      if (previous?.member === member) continue;
      const { group, positions, read, log } = this.#options;
      this.#leases.set(partition, new Lease({ group, positions, read, log, partition, member, previous }));
    }
  }

  #owners(): Map<Partition, Member> {
    const owners = new Map<Partition, Member>();
    const topics = new Set(this.#members.flatMap((member) => member.topics));
    for (const topic of topics) {
      const members = this.#members.filter((member) => member.topics.includes(topic));
      for (const partition of this.#options.partitions(topic)) {
        owners.set(partition, members[partition.partition % members.length]!);
      }
    }
    return owners;
  }
}
