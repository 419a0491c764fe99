/** What a process asks of its ports: the shape by which a step of the protocol is recognised. */
export type Reached =
  | { port: 'documents'; collection: string; method: string; args: unknown[] }
  | { port: 'publish'; topic: string }
  | { port: 'commit'; group: string }
  | { port: 'invalidate' };

export type PartWithPoints = 'products' | 'orders';

/** `between`: when half of a bulkWrite is done. `after`: it is done, and the process has not heard of it. */
export const moments = ['before', 'between', 'after'] as const;
export type Moment = (typeof moments)[number];

type IsStep = (reached: Reached) => boolean;
type Fields = Record<string, unknown>;
interface Update {
  filter: Fields;
  update: Record<string, Fields | undefined>;
}

const products: Record<string, IsStep> = {
  open: bulk('reservations', ({ update }) => update.$setOnInsert?.state === 'reserving'),
  read: (reached) =>
    isCall(reached, 'reservations', 'find') && !(reached.args[1] as { projection?: object }).projection,
  hold: bulk('products', ({ filter }) => names(filter, /^fence\..*h$/)),
  'read-held': (reached) =>
    isCall(reached, 'products', 'find') &&
    (reached.args[1] as { projection?: Fields }).projection?.holds === 1,
  invalidate: ({ port }) => port === 'invalidate',
  decide: bulk('reservations', ({ filter }) => filter.state === 'reserving'),
  'give-back': bulk('products', ({ filter }) => names(filter, /^holds\..*\.released$/)),
  'finish-rejecting': bulk('reservations', ({ filter }) => filter.state === 'rejecting'),
  bury: bulk('reservations', ({ update }) => update.$setOnInsert?.state === 'cancelled'),
  'begin-releasing': bulk('reservations', ({ filter }) => filter.state === 'reserved'),
  restock: bulk('products', ({ filter }) => names(filter, /^fence\..*r$/)),
  'finish-releasing': bulk('reservations', ({ filter }) => filter.state === 'releasing'),
  'remove-marks': bulk('products', ({ update }) => names(update.$unset ?? {}, /^holds\./)),
  'publish-products': publishes('products.v1'),
  commit: commits('products'),
  'publish-inventory': publishes('inventory.v1'),
  'pull-outbox': bulk('reservations', ({ update }) => update.$pull !== undefined),
};

const orders: Record<string, IsStep> = {
  insert: (reached) => isCall(reached, 'orders', 'insertOne'),
  'publish-orders': publishes('orders.v1'),
  'pull-outbox': bulk('orders', ({ update }) => update.$pull !== undefined),
  'apply-decision': bulk('orders', ({ update }) =>
    ['CONFIRMED', 'REJECTED'].includes(String(update.$set?.status)),
  ),
  cancel: (reached) => isCall(reached, 'orders', 'findOneAndUpdate'),
  expire: bulk('orders', ({ update }) => update.$set?.status === 'EXPIRED'),
  commit: commits('orders'),
};

const recognised = { products, orders };

/** The steps of the protocol at which a process can be stopped, in the order in which an order meets them. */
export const stepsOf: Record<PartWithPoints, string[]> = {
  products: Object.keys(products),
  orders: Object.keys(orders),
};

const bulkSteps: Record<PartWithPoints, string[]> = {
  products: stepsOf.products.filter((step) => !/^(read|invalidate|publish|commit)/.test(step)),
  orders: ['pull-outbox', 'apply-decision', 'expire'],
};

/** A step that is one bulkWrite can be left in its middle. */
export function momentsOf(part: PartWithPoints, step: string): readonly Moment[] {
  return bulkSteps[part].includes(step) ? moments : ['before', 'after'];
}

/** Which step of the protocol this is; undefined for anything else that a process does. Pure. */
export function stepOf(part: PartWithPoints, reached: Reached): string | undefined {
  return stepsOf[part].find((step) => recognised[part][step]?.(reached));
}

/** The orders that the writes of a bulkWrite name, in their filters or by the marks that they remove, one by one. */
export function ordersOf(reached: Reached): string[] {
  if (reached.port !== 'documents' || reached.method !== 'bulkWrite') return [];
  return updatesOf(reached.args).flatMap(({ filter, update }) => {
    const paths = [...Object.keys(filter), ...Object.keys(update.$unset ?? {})];
    const marked = paths.flatMap((path) => /^holds\.([^.:]+)/.exec(path)?.[1] ?? []);
    return reached.collection === 'products' ? marked : [String(filter._id)];
  });
}

function bulk(collection: string, isStep: (update: Update) => boolean): IsStep {
  return (reached) => {
    if (!isCall(reached, collection, 'bulkWrite')) return false;
    const [first] = updatesOf(reached.args);
    return first !== undefined && isStep(first);
  };
}

function publishes(topic: string): IsStep {
  return (reached) => reached.port === 'publish' && reached.topic === topic;
}

function commits(group: string): IsStep {
  return (reached) => reached.port === 'commit' && reached.group === group;
}

function isCall(
  reached: Reached,
  collection: string,
  method: string,
): reached is Extract<Reached, { port: 'documents' }> {
  return reached.port === 'documents' && reached.collection === collection && reached.method === method;
}

function updatesOf([writes]: unknown[]): Update[] {
  return (writes as { updateOne?: Update }[]).flatMap(({ updateOne }) => updateOne ?? []);
}

const names = (fields: Fields, path: RegExp) => Object.keys(fields).some((key) => path.test(key));
