import { startBackgroundTask } from '@shop/shared/process/background-task';
import type { Logger } from '@shop/shared/process/log';
import { Agent } from 'undici';
import type { Endpoint, Endpoints, Health } from './endpoints.ts';

export interface HealthChecks {
  /** From now on these processes of a subgraph are checked, until the function that it answers is called. */
  watch(subgraph: string, endpoints: Endpoints): () => void;
  /** Ends all checks. */
  stop(): Promise<void>;
}

export interface HealthChecksOptions {
  log: Logger;
  /** Every process is asked so often, and has so long for its answer; 1,000 by default. */
  everyMs?: number | undefined;
}

/**
 * So that a frozen process costs new requests for two seconds at most. A ready one answers within some milliseconds;
 * one that needs a second serves nobody well, and is asked again a second later: one failure is enough to leave it
 * out, one answer to take it back.
 */
const defaultEveryMs = 1_000;

/** Its JSON is some hundred bytes long. */
const maxAnswerBytes = 64 * 1024;

/**
 * Asks every process for its /readyz, as long as its subgraph has another to choose in its place. What has no
 * /readyz, such as a proxy, counts as ready.
 */
export function startHealthChecks({ log, everyMs = defaultEveryMs }: HealthChecksOptions): HealthChecks {
  // Connections of their own: behind calls that wait, a check would tell how busy a process is, not whether it lives.
  const agent = new Agent({ connections: 1, maxResponseSize: maxAnswerBytes });
  const watched = new Map<Endpoints, string>();
  const running = new Set<Endpoint>();

  async function check(subgraph: string, endpoints: Endpoints, endpoint: Endpoint): Promise<void> {
    running.add(endpoint);
    const { health, reason } = await ask(agent, endpoint.url, everyMs);
    running.delete(endpoint);
    const known = { subgraph, url: endpoint.url.href };
    if (!endpoints.judge(endpoint, health)) return;
    if (health === 'ready') log.info(known, 'subgraph process is ready again');
    else log.warn({ ...known, health, reason }, 'subgraph process left out while others are ready');
  }

  const checking = startBackgroundTask({
    name: 'the health checks of subgraphs',
    everyMs,
    log,
    async task() {
      for (const [endpoints, subgraph] of watched) {
        const several = endpoints.all();
        if (several.length < 2) continue;
        // Nobody waits for a silent one: the others are due in time.
        for (const each of several) if (!running.has(each)) void check(subgraph, endpoints, each);
      }
    },
  });
  return {
    watch(subgraph, endpoints) {
      watched.set(endpoints, subgraph);
      return () => void watched.delete(endpoints);
    },
    async stop() {
      await checking.stop();
      watched.clear();
      await agent.destroy();
    },
  };
}

/** Never rejects. */
async function ask(agent: Agent, url: URL, withinMs: number): Promise<{ health: Health; reason: string }> {
  try {
    const { statusCode, body } = await agent.request({
      origin: url.origin,
      path: '/readyz',
      method: 'GET',
      signal: AbortSignal.timeout(withinMs),
    });
    const reason = await body.text();
    return { health: statusCode === 503 ? 'unready' : 'ready', reason };
  } catch (error) {
    return { health: 'silent', reason: error instanceof Error ? error.message : 'unknown' };
  }
}
