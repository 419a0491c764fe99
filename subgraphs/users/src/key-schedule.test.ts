import { describe, expect, test } from 'vitest';
import {
  type KeyTimes,
  keyTimings,
  maxTokenLifeMs,
  retiresAtMs,
  signerAt,
  trustedAt,
} from './key-schedule.ts';

const key = (_id: string, signsFromMs: number, retiresEarlierAtMs: number): KeyTimes => ({
  _id,
  signsFrom: new Date(signsFromMs),
  retiresEarlierAt: new Date(retiresEarlierAtMs),
});
const one = key('1', 1_000, 1_500);
const two = key('2', 2_000, 2_500);
const three = key('3', 3_000, 3_500);
const keys = [three, one, two];
const idsAt = (nowMs: number) => trustedAt(keys, nowMs).map(({ _id }) => _id);

describe('which key signs', () => {
  test.each([
    [0, '1'],
    [1_999, '1'],
    [2_000, '2'],
    [2_999, '2'],
    [9_999, '3'],
  ])('at %i it is %s', (nowMs, id) => expect(signerAt(keys, nowMs)?._id).toBe(id));

  test('of two of one moment the later id, wherever one looks', () => {
    const twin = key('4', 3_000, 3_500);
    expect(signerAt([twin, three], 3_000)?._id).toBe('4');
    expect(signerAt([three, twin], 3_000)?._id).toBe('4');
  });
});

test('a key is trusted from when it is stored until its successor has retired it', () => {
  expect(idsAt(0)).toEqual(['1', '2', '3']);
  expect(idsAt(2_499)).toEqual(['1', '2', '3']);
  expect(idsAt(2_500)).toEqual(['2', '3']);
  expect(idsAt(3_500)).toEqual(['3']);
  expect(retiresAtMs(three, keys)).toBeNull();
});

test('at every moment the key that signs is trusted, and was for as long as verifiers keep keys', () => {
  for (let nowMs = 0; nowMs < 5_000; nowMs += 100) expect(idsAt(nowMs)).toContain(signerAt(keys, nowMs)?._id);
  const verifiersKeepMs = 300_000;
  expect(keyTimings.publishForMs).toBeGreaterThan(verifiersKeepMs + keyTimings.pollMs);
  expect(keyTimings.keepForMs).toBeGreaterThan(maxTokenLifeMs + keyTimings.pollMs);
});
