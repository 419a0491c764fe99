import { Agent, request } from 'node:http';
import type { Figures } from './figures.ts';

/** One connection's next request: answers whether it was answered as it should be. */
export type Send = () => Promise<boolean>;

export interface SliceOptions {
  connections: number;
  seconds: number;
  /** The CPU time that the shop has used so far. */
  cpuMs: () => number;
}

/** The connections begin all at once: what is answered in this share of a slice is not yet its throughput. */
const rampUp = 0.2;

/**
 * A closed loop: each connection sends its next request when the last is answered, for `seconds`. What is answered
 * later than that counts for nobody's throughput; the slice ends when all is answered.
 */
export async function runSlice(send: Send, { connections, seconds, cpuMs }: SliceOptions): Promise<Figures> {
  const latenciesMs: number[] = [];
  let answered = 0;
  let failed = 0;
  const startMs = performance.now();
  const countFromMs = startMs + seconds * 1_000 * rampUp;
  const endMs = startMs + seconds * 1_000;
  const cpuAtStartMs = cpuMs();
  const connection = async () => {
    while (performance.now() < endMs) {
      const sentMs = performance.now();
      const isAsItShould = await send();
      const nowMs = performance.now();
      answered += 1;
      if (!isAsItShould) failed += 1;
      else if (nowMs >= countFromMs && nowMs <= endMs) latenciesMs.push(nowMs - sentMs);
    }
  };
  await Promise.all(Array.from({ length: connections }, connection));
  return {
    counted: latenciesMs.length,
    elapsedMs: endMs - countFromMs,
    latenciesMs,
    answered,
    failed,
    cpuMs: cpuMs() - cpuAtStartMs,
  };
}

/** Runs `write` so many times a second, whether or not the last is answered, until `stop`, which says how many were. */
export function writeSteadily(write: () => Promise<boolean>, perSecond: number) {
  const startMs = performance.now();
  const running = new Set<Promise<void>>();
  let started = 0;
  let failed = 0;
  const tick = () => {
    const due = ((performance.now() - startMs) / 1_000) * perSecond;
    // A shop that does not keep up gets no more than this at once.
    while (started < due && running.size < maxWritesAtOnce) {
      started += 1;
      const one = write().then((ok) => {
        if (!ok) failed += 1;
        running.delete(one);
      });
      running.add(one);
    }
  };
  const timer = setInterval(tick, 10);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(running);
      return { perSecond: (started / (performance.now() - startMs)) * 1_000, failed };
    },
  };
}

const maxWritesAtOnce = 100;
/** Longer than any answer may take, an order that waits included. */
const answerWithinMs = 30_000;

/** Posts GraphQL operations over kept-alive connections, with as little work of its own as can be. */
export function createPoster(connections: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections, scheduling: 'fifo' });
  return {
    /** The body of the answer; rejects when there is none. */
    post(url: string, headers: Record<string, string>, body: string): Promise<string> {
      return new Promise((resolve, reject) => {
        const length = Buffer.byteLength(body);
        const sent = request(
          `${url}/graphql`,
          {
            agent,
            method: 'POST',
            timeout: answerWithinMs,
            headers: { 'content-type': 'application/json', 'content-length': length, ...headers },
          },
          (answer) => {
            const chunks: Buffer[] = [];
            answer.on('data', (chunk: Buffer) => chunks.push(chunk));
            answer.on('end', () => resolve(Buffer.concat(chunks).toString()));
            answer.on('error', reject);
          },
        );
        sent.on('timeout', () => sent.destroy(new Error(`no answer within ${answerWithinMs} ms`)));
        sent.on('error', reject);
        sent.end(body);
      });
    },
    close: () => agent.destroy(),
  };
}

export type Poster = ReturnType<typeof createPoster>;
