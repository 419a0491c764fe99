import { expect, test, vi } from 'vitest';
import type { Order, OrderStatus } from './order.ts';
import { OrderWaiters } from './order-waiters.ts';

function order(_id: string, status: OrderStatus = 'CONFIRMED'): Order {
  const at = new Date(0);
  return { _id, userId: 'ann', status, lines: [], createdAt: at, updatedAt: at, expiresAt: at };
}

const longMs = 60_000;

test('wakes everyone who waits for the order, and nobody else', async () => {
  const waiters = new OrderWaiters();
  const first = waiters.register('a')!;
  const second = waiters.register('a')!;
  const other = waiters.register('b')!.wait(longMs);
  expect(waiters.awaited(['a', 'b', 'c'])).toEqual(['a', 'b']);
  waiters.wake(order('a'));
  expect(await Promise.all([first.wait(longMs), second.wait(longMs)])).toEqual([order('a'), order('a')]);
  expect(waiters.awaited(['a', 'b'])).toEqual(['b']);
  waiters.wake(order('b', 'CANCELLED'));
  expect(await other).toEqual(order('b', 'CANCELLED'));
});

test('remembers a decision that comes before the wait begins', async () => {
  const waiters = new OrderWaiters();
  const waiter = waiters.register('a')!;
  waiters.wake(order('a'));
  expect(await waiter.wait(longMs)).toEqual(order('a'));
});

test('is not woken by an order that is still pending', async () => {
  const waiters = new OrderWaiters();
  const waiter = waiters.register('a')!;
  waiters.wake(order('a', 'PENDING'));
  expect(await waiter.wait(1)).toBeNull();
  expect(waiters.awaited(['a'])).toEqual([]);
});

test('gives up after the time, and not before', async () => {
  vi.useFakeTimers();
  try {
    const answered = vi.fn();
    const waiting = new OrderWaiters().register('a')!.wait(1_000).then(answered);
    await vi.advanceTimersByTimeAsync(999);
    expect(answered).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    await waiting;
    expect(answered).toHaveBeenCalledWith(null);
  } finally {
    vi.useRealTimers();
  }
});

test('has a limited number of places, and gives back those that are left', () => {
  const waiters = new OrderWaiters(2);
  const first = waiters.register('a')!;
  waiters.register('b');
  expect(waiters.register('c')).toBeNull();
  first.cancel();
  first.cancel();
  expect(waiters.register('c')).not.toBeNull();
  expect(waiters.register('d')).toBeNull();
});

test('answers all at once when it closes, and takes nobody in any more', async () => {
  const waiters = new OrderWaiters();
  const waiting = [waiters.register('a')!.wait(longMs), waiters.register('b')!.wait(longMs)];
  waiters.close();
  expect(await Promise.all(waiting)).toEqual([null, null]);
  expect(waiters.register('a')).toBeNull();
});
