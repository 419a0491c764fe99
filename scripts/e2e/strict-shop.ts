import { expect } from 'vitest';
import { adminOf, type Client, createClient, createImage, createProduct, registerUser } from './client.ts';
import { startInProcessShop } from './in-process-shop.ts';
import { placeOrder } from './orders.ts';
import { countStored } from './stored.ts';

export type As = 'anyone' | 'user' | 'other' | 'admin';

/** An operation that must be refused. */
export interface Refusal {
  what: string;
  as?: As;
  /** $PRODUCT, $IMAGE, $ORDER (of `user`), $REJECTED, $USERNAME and $SHOUTED (the same) stand for what the shop holds. */
  query: string;
  variables?: object;
  /** BAD_USER_INPUT unless given. */
  code?: string;
  /** The paths in extensions.fields. */
  fields?: string[];
}

/** A shop that holds some of everything, and what it must refuse. */
export interface StrictShop {
  /** Asks, and expects one error of this code, a message to act upon, and nothing stored. */
  expectRefused(refusal: Refusal): Promise<void>;
  close(): Promise<void>;
}

export async function startStrictShop(): Promise<StrictShop> {
  const shop = await startInProcessShop();
  const user = await registerUser(shop);
  const other = await registerUser(shop);
  const clients: Record<As, Client> = { anyone: createClient(shop.url), user, other, admin: adminOf(shop) };
  const PRODUCT = await createProduct(shop, { quantity: 10 });
  const IMAGE = await createImage(shop, { productId: PRODUCT, url: 'https://pictures.example/1.png' });
  await createImage(shop, { productId: PRODUCT, url: 'https://pictures.example/2.png' });
  const place = async (quantity: number, idempotencyKey: string) =>
    (await placeOrder(user, [{ _id: PRODUCT, quantity }], { waitMs: 10_000, idempotencyKey }))._id;
  const ORDER = await place(1, 'used');
  const REJECTED = await place(100, 'used for too many');
  const { me } = await user.get<{ me: { username: string } }>('{ me { username } }');
  const USERNAME = me.username;
  const SHOUTED = USERNAME.toUpperCase();
  const names: Record<string, string> = { PRODUCT, IMAGE, ORDER, REJECTED, USERNAME, SHOUTED };

  async function expectRefused(refusal: Refusal): Promise<void> {
    const { as = 'anyone', query, variables, code = 'BAD_USER_INPUT', fields } = refusal;
    const before = await countStored(shop.documents);
    // No word of an operation is in capitals alone but these.
    const filledIn = query.replace(/\$([A-Z]+)/g, (_, name: string) => names[name] ?? '');
    const { errors, codes } = await clients[as].ask(filledIn, variables);
    expect(codes).toEqual([code]);
    const [error] = errors;
    expect(error?.message).toMatch(/\w+ \w+/);
    expect(error?.message).not.toMatch(/internal server error/i);
    if (fields) {
      expect(error?.extensions.fields?.map(({ path }) => path)).toEqual(fields);
      for (const { message } of error?.extensions.fields ?? []) expect(message).toMatch(/\w+ \w+/);
    }
    expect(await countStored(shop.documents)).toEqual(before);
  }

  return { expectRefused, close: () => shop.close() };
}
