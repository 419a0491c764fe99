/** After this long without a turn of the event loop, an operation waits for one. */
const MAX_SLICE_MS = 10;

/**
 * The embedded store answers without any I/O to wait for, so a loop of its operations would keep timers and
 * sockets waiting for as long as it runs. The returned function gives a promise to await when that threatens.
 */
export function fairTurns(): () => Promise<void> | null {
  let sliceStartMs: number | null = null;
  return () => {
    const nowMs = performance.now();
    if (sliceStartMs === null) {
      sliceStartMs = nowMs;
      setImmediate(() => {
        sliceStartMs = null;
      });
      return null;
    }
    return nowMs - sliceStartMs < MAX_SLICE_MS ? null : new Promise((resolve) => setImmediate(resolve));
  };
}
