import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchChecks } from './watch-checks.ts';

type Client = Parameters<typeof watchChecks>[0];

describe('watchChecks', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function watched() {
    const events = new EventEmitter();
    const onStuck = vi.fn();
    const stop = watchChecks(events as unknown as Client, onStuck);
    return { events, onStuck, stop };
  }
  const server = { connectionId: 'a:1' };

  it('tells once of a check that has no end, and of the next', () => {
    const { events, onStuck } = watched();
    events.emit('serverHeartbeatStarted', server);
    vi.advanceTimersByTime(14_000);
    expect(onStuck).not.toHaveBeenCalled();
    vi.advanceTimersByTime(60_000);
    expect(onStuck).toHaveBeenCalledTimes(1);
    events.emit('serverHeartbeatStarted', server);
    vi.advanceTimersByTime(60_000);
    expect(onStuck).toHaveBeenCalledTimes(2);
  });

  it('is content with checks that end, however, with a server that has left, and once it was stopped', () => {
    const { events, onStuck, stop } = watched();
    for (const end of ['serverHeartbeatSucceeded', 'serverHeartbeatFailed']) {
      events.emit('serverHeartbeatStarted', server);
      vi.advanceTimersByTime(10_000);
      events.emit(end, server);
      vi.advanceTimersByTime(60_000);
    }
    events.emit('serverHeartbeatStarted', server);
    events.emit('serverClosed', { address: 'a:1' });
    vi.advanceTimersByTime(60_000);
    events.emit('serverHeartbeatStarted', server);
    stop();
    vi.advanceTimersByTime(60_000);
    expect(onStuck).not.toHaveBeenCalled();
    expect(events.eventNames()).toEqual([]);
  });
});
