import type { Cache } from './port.ts';

export interface ReadThrough {
  /**
   * The cached value of the entry, or what `load` answers. A read that begins after `invalidate` resolved, in
   * whichever process, never gets a value that was loaded before it. Values are JSON: hit or miss, every
   * caller gets its own copy that went through JSON, so a Date arrives as a string; `undefined` is refused.
   * `load` must settle within a bounded time; when it rejects, so does the read. `partsOf` names what of the scope
   * a loaded value shows; without it a value shows the whole scope.
   */
  read<T>(entry: Entry, load: () => Promise<T>, partsOf?: (loaded: T) => string[]): Promise<T>;
}

/** Same scope and key: same value, whoever asks. `ttlMs` is at most 60,000. */
export interface Entry {
  scope: string;
  key: string;
  ttlMs: number;
}

type Load = () => Promise<Loaded>;

interface Loaded {
  json: string;
  parts: string[] | undefined;
}

/** The load that runs, and the one that begins when it ends. */
interface Queue {
  running: Promise<Loaded>;
  waiting: Promise<Loaded> | null;
}

/** Reads that find this many shared loads under way run a load of their own. */
const maxSharedLoads = 10_000;

/** Reads through the cache, with concurrent loads of one entry shared within this process. */
export function createReadThrough(cache: Cache): ReadThrough {
  const loads = new Map<string, Promise<Loaded>>();
  const queues = new Map<string, Queue>();

  /**
   * Who has the same token may share a load: the load began after its reader saw the token, and any
   * invalidation acknowledged before another reader looked up would have given that one another token.
   */
  async function loadAndStore({ scope, key, ttlMs }: Entry, token: string, load: Load): Promise<Loaded> {
    const id = JSON.stringify([scope, key, token]);
    const running = loads.get(id);
    if (running) return running;
    const fresh = load();
    if (loads.size >= maxSharedLoads) return fresh;
    loads.set(id, fresh);
    // Nobody waits for it; it never rejects.
    fresh
      .then(({ json: value, parts }) =>
        cache.set(scope, key, token, { value, ttlMs, ...(parts && { parts }) }),
      )
      .catch(() => {})
      .finally(() => loads.delete(id));
    return fresh;
  }

  /**
   * Without the cache nothing tells whether a running load saw the last write, so a reader waits for the next
   * one, which begins after it came: per entry at most one load runs and one waits.
   */
  function loadNext({ scope, key }: Entry, load: Load): Promise<Loaded> {
    const id = JSON.stringify([scope, key]);
    const queue = queues.get(id);
    if (!queue) return queues.size < maxSharedLoads ? beginQueue(id, load) : load();
    if (queue.waiting) return queue.waiting;
    const next: Promise<Loaded> = settled(queue.running).then(() => {
      queue.waiting = null;
      queue.running = next;
      return load();
    });
    queue.waiting = next;
    dropWhenIdle(id, queue, next);
    return next;
  }

  function beginQueue(id: string, load: Load): Promise<Loaded> {
    const queue: Queue = { running: load(), waiting: null };
    queues.set(id, queue);
    dropWhenIdle(id, queue, queue.running);
    return queue.running;
  }

  async function dropWhenIdle(id: string, queue: Queue, load: Promise<Loaded>): Promise<void> {
    await settled(load);
    if (queue.running === load && queue.waiting === null) queues.delete(id);
  }

  return {
    async read<T>(entry: Entry, load: () => Promise<T>, partsOf?: (loaded: T) => string[]): Promise<T> {
      const found = await cache.get(entry.scope, entry.key);
      if (found.kind === 'hit') return JSON.parse(found.value);
      const loadIt = () => loadJson(load, partsOf);
      const { json } = await (found.token === null
        ? loadNext(entry, loadIt)
        : loadAndStore(entry, found.token, loadIt));
      return JSON.parse(json);
    },
  };
}

async function loadJson<T>(
  load: () => Promise<T>,
  partsOf: ((loaded: T) => string[]) | undefined,
): Promise<Loaded> {
  const loaded = await load();
  const json = JSON.stringify(loaded);
  if (json === undefined) throw new TypeError('A cached value must be JSON; use null for "nothing"');
  return { json, parts: partsOf?.(loaded) };
}

async function settled(promise: Promise<unknown>): Promise<void> {
  await promise.catch(() => {});
}
