import { z } from 'zod';
import type { Logger } from '../process/log.ts';
import {
  type AssertRouter,
  createRouterAssertion,
  createRouterVerifier,
  type VerifyRouter,
} from './router-assertion.ts';
import { readRouterPrivateKey, readRouterPublicKeys, routerSecretKeys } from './router-keys.ts';
import { secretFromApiSecret } from './secret-from-api-secret.ts';

/** What `read` makes of a text; what it throws is the problem of the setting. */
const readBy = <Read>(read: (text: string) => Read) =>
  z.string().transform((text, context) => {
    try {
      return read(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : 'is not valid' });
      return z.NEVER;
    }
  });

/** What a router and its subgraphs both have, where they have no key pair. */
export const routerSecret = readBy(routerSecretKeys).optional();

/** ALLOW_DIRECT=1: subgraphs answer whoever asks. For development. */
export const allowDirect = z
  .enum(['0', '1'], 'must be 0 or 1')
  .default('0')
  .transform((text) => text === '1');

/** How a subgraph that runs alone knows its router. */
export const subgraphTrust = {
  ROUTER_PUBLIC_KEYS: readBy(readRouterPublicKeys).optional(),
  ROUTER_SECRET: routerSecret,
  ALLOW_DIRECT: allowDirect,
};

/** By what a router that runs alone is known. */
export const routerTrust = {
  ROUTER_PRIVATE_KEY: readBy(readRouterPrivateKey).optional(),
  ROUTER_SECRET: routerSecret,
  ALLOW_DIRECT: allowDirect,
};

interface WithApiSecret {
  API_SECRET?: string | undefined;
}

type Output<Shape extends z.ZodRawShape> = z.output<z.ZodObject<Shape>>;

interface Payload {
  value: unknown;
  issues: readonly { path?: PropertyKey[] | undefined }[];
}

/** Said together with the other problems, unless these settings have problems of their own. */
const unlessBroken =
  (...names: readonly string[]) =>
  ({ value, issues }: Payload) =>
    typeof value === 'object' && !issues.some(({ path }) => names.includes(String(path?.[0])));

/** What `refine` takes. */
type Rule<Config> = [
  (config: Config) => boolean,
  { path: string[]; message: string; when: (payload: Payload) => boolean },
];

const isOne = (key: unknown, secret: unknown) => key === undefined || secret === undefined;

/** For the `refine` of a subgraph's settings. */
export const knowsItsRouter: Rule<Output<typeof subgraphTrust>> = [
  (config) => isOne(config.ROUTER_PUBLIC_KEYS, config.ROUTER_SECRET),
  {
    path: ['ROUTER_PUBLIC_KEYS'],
    message: 'stands for ROUTER_SECRET, or the other way round: set one of them, not several',
    when: unlessBroken('ROUTER_PUBLIC_KEYS', 'ROUTER_SECRET'),
  },
];

/** For the `refine` of a router's settings: a router that no subgraph can know does not start. */
export const isKnownToSubgraphs: Rule<Output<typeof routerTrust> & WithApiSecret> = [
  ({ ROUTER_PRIVATE_KEY: key, ROUTER_SECRET: secret, API_SECRET, ALLOW_DIRECT }) =>
    isOne(key, secret) && Boolean(key ?? secret ?? API_SECRET ?? ALLOW_DIRECT),
  {
    path: ['ROUTER_PRIVATE_KEY'],
    message:
      'is required: the private key by which subgraphs know the router; or the same ROUTER_SECRET, or API_SECRET, for all parts; or, to develop, ALLOW_DIRECT=1. One of the first two, not several',
    when: unlessBroken('ROUTER_PRIVATE_KEY', 'ROUTER_SECRET', 'API_SECRET', 'ALLOW_DIRECT'),
  },
];

/** For the `refine` of whatever has ALLOW_DIRECT: what anybody may ask is not for anybody to reach. */
export const directOnLoopback: Rule<{ ALLOW_DIRECT: boolean; HOST: string }> = [
  (config) => !config.ALLOW_DIRECT || isLoopback(config.HOST),
  {
    path: ['ALLOW_DIRECT'],
    message: 'is for development on one machine: HOST must be 127.0.0.1, ::1 or localhost',
    when: unlessBroken('ALLOW_DIRECT', 'HOST'),
  },
];

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** How a subgraph tells its router from others; warns when it is open to all, or to whoever has API_SECRET. */
export function routerVerifierOf(
  config: Output<typeof subgraphTrust> & { API_SECRET: string },
  log: Logger,
): VerifyRouter | 'off' {
  if (config.ALLOW_DIRECT) return openToAll(log);
  const keys = config.ROUTER_PUBLIC_KEYS ?? config.ROUTER_SECRET?.verifying;
  if (!keys) log.warn(fromApiSecret);
  return createRouterVerifier(keys ?? keysFrom(config.API_SECRET).verifying);
}

const fromApiSecret =
  'neither ROUTER_PUBLIC_KEYS nor ROUTER_SECRET is set: whoever has API_SECRET can be taken for the router';

const keysFrom = (apiSecret: string) => routerSecretKeys(secretFromApiSecret(apiSecret, 'router'));

/** What a router shows to subgraphs; undefined where they ask for nothing. */
export function routerAssertionOf(
  config: Output<typeof routerTrust> & WithApiSecret,
): AssertRouter | undefined {
  const key = config.ROUTER_PRIVATE_KEY ?? config.ROUTER_SECRET?.signing;
  if (key) return createRouterAssertion(key);
  if (config.ALLOW_DIRECT || config.API_SECRET === undefined) return undefined;
  return createRouterAssertion(keysFrom(config.API_SECRET).signing);
}

/** Says in the log that a part answers whoever asks. */
export function openToAll(log: Logger): 'off' {
  log.warn('ALLOW_DIRECT=1: whoever reaches this port may ask it, without a router. For development only.');
  return 'off';
}
