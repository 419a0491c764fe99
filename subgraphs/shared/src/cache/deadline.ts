/** The promise did not settle in time; what it stands for may still happen. */
export class DeadlineError extends Error {
  override name = 'DeadlineError';
}

/** Settles as the promise does, or rejects with DeadlineError after `ms`. */
export function withDeadline<T>(promise: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    // When this process itself was busy, the answer may be waiting in the socket: I/O runs between a timer
    // and setImmediate, so it gets its chance before the other side is blamed.
    const timer = setTimeout(() => {
      setImmediate(() => reject(new DeadlineError(`no answer within ${ms} ms`)));
    }, ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
