import type { ProductDoc } from '@shop/products/product';
import type { ReservationDoc } from '@shop/products/reservation';
import type { Documents } from '@shop/shared/documents/port';

/**
 * Remembers, step by step, which quantities each product had and since when a reader must see them: from the
 * moment a decision about the product is stored, since from then on anybody may hear of it.
 */
export class Observer {
  #history = new Map<string, number[]>();
  /** By product: where in its history the latest decision was taken. */
  #floor = new Map<string, number>();
  #told = new Map<string, string>();

  /** To be called after every step of the schedule, so that nothing is missed in between. */
  async observe(documents: Documents): Promise<void> {
    const everything = { limit: 1_000 };
    const products = await documents.collection<ProductDoc>('products').find({}, everything).toArray();
    for (const { _id, quantity } of products) {
      const history = this.#history.get(_id) ?? [];
      this.#history.set(_id, history);
      if (history.at(-1) !== quantity) history.push(quantity);
    }
    const decided = { state: { $in: ['reserved', 'rejected', 'released'] as const } };
    const reservations = documents.collection<ReservationDoc>('reservations');
    for (const { _id, state, lines } of await reservations.find(decided, everything).toArray()) {
      if (this.#told.get(_id) === state) continue;
      this.#told.set(_id, state);
      for (const { productId } of lines) this.mustSee(productId);
    }
  }

  /** From now on no reader may be shown an older quantity than today's. */
  mustSee(productId: string): void {
    this.#floor.set(productId, (this.#history.get(productId)?.length ?? 1) - 1);
  }

  /** Call it when a read begins and the result when it ends: the quantities that the read may have given. */
  beginRead(productId: string): () => Set<number | undefined> {
    const from = this.#floor.get(productId) ?? 0;
    return () => new Set(this.#history.get(productId)?.slice(from));
  }
}
