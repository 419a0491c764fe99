import type { Evidence } from '../saga/invariants.ts';
import type { Outcome } from './client.ts';

/** What the clients of a shop remember, over all runs against the same databases. */
export class Ledger {
  readonly acknowledged: Evidence['acknowledged'] = [];
  readonly stocked: Evidence['stocked'] = new Map();
  /** What is wrong in itself. */
  readonly problems: string[] = [];
  /** The operations that failed at both attempts. */
  readonly unavailable: string[] = [];

  /** Remembers an outcome that is not an answer; `expected` are codes that are answers of a kind. */
  note(operation: string, outcome: Outcome<unknown>, expected: string[] = []): void {
    if (outcome.kind === 'unavailable') this.unavailable.push(operation);
    if (outcome.kind === 'unanswered') this.problem(`${operation} got no answer`);
    if (outcome.kind === 'refused' && !expected.includes(outcome.code)) {
      this.problem(`${operation} got ${outcome.code}: ${outcome.message}`);
    }
  }

  acknowledge(order: Evidence['acknowledged'][number]): void {
    this.acknowledged.push(order);
  }

  stock(productId: string, added: { atLeast: number; atMost: number }): void {
    const { atLeast, atMost } = this.stocked.get(productId) ?? { atLeast: 0, atMost: 0 };
    this.stocked.set(productId, { atLeast: atLeast + added.atLeast, atMost: atMost + added.atMost });
  }

  problem(text: string): void {
    this.problems.push(text);
  }
}
