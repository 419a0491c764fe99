import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { startInProcessShop } from '../e2e/in-process-shop.ts';
import { type StepOnTrial, testSteps } from './test-steps.ts';

testSteps('image.yml', {
  'build: Build': "it needs Docker's engine",
  'build: Make the keys of the router': makeRouterKeys,
  'build: Start the shop': "it needs Docker's engine",
  'build: Buy something': buySomething,
  'build: Show what the containers say': "it needs Docker's engine",
  'build: Save the image': saveImage,
  'push: Push': push,
});

async function makeRouterKeys({ folder, run }: StepOnTrial): Promise<void> {
  const GITHUB_ENV = join(folder, 'env');
  expect(await run({ env: { GITHUB_ENV } })).toMatchObject({ exitCode: 0, output: '' });
  expect(readFileSync(GITHUB_ENV, 'utf8')).toMatch(
    /^ROUTER_PRIVATE_KEY=\{.*"d":.*\}\nROUTER_PUBLIC_KEYS=\{.*\}\n$/,
  );
}

async function buySomething({ run }: StepOnTrial): Promise<void> {
  const shop = await startInProcessShop();
  try {
    const bought = await run({ env: { SHOP: shop.url, API_SECRET: shop.apiSecret } });
    expect(`${bought.output}(${bought.exitCode})`).toMatch(/\(0\)$/);
    expect(JSON.parse(bought.output)).toMatchObject({
      status: 'CONFIRMED',
      total: 900,
      product: { quantity: 1, images: [{}] },
    });
    const refused = await run({ env: { SHOP: shop.url, API_SECRET: 'another one' } });
    expect(refused).toMatchObject({ exitCode: 1, output: expect.stringContaining('FORBIDDEN') });
  } finally {
    await shop.close();
  }
  expect((await run({ env: { SHOP: shop.url } })).exitCode).toBe(1);
}

async function saveImage({ folder, run }: StepOnTrial): Promise<void> {
  const FILE = join(folder, 'image.tar.gz');
  const saved = await run({ env: { FILE }, programs: { docker: 'echo layers' } });
  expect(saved).toMatchObject({ exitCode: 0, calls: ['docker save shop-supergraph:0.1.0'] });
  expect(readFileSync(FILE).subarray(0, 2), 'it is compressed').toEqual(Buffer.from([0x1f, 0x8b]));
  expect((await run({ env: { FILE }, programs: { docker: 'exit 1' } })).exitCode).toBe(1);
}

async function push({ run }: StepOnTrial): Promise<void> {
  const env = { FILE: '/image.tar.gz', IMAGE_REGISTRY: 'images.example', TOKEN: 'a token' };
  const programs = { docker: '[ "$1" != login ] || [ "$(cat)" = "a token" ]' };
  const image = 'images.example/the-owner/the-shop';
  const sha = '0123456789abcdef0123456789abcdef01234567';
  const pushed = (...tags: string[]) => [
    'docker load --input /image.tar.gz',
    'docker login images.example --username somebody --password-stdin',
    ...tags.flatMap((tag) => [
      `docker tag shop-supergraph:0.1.0 ${image}:${tag}`,
      `docker push ${image}:${tag}`,
    ]),
  ];
  const ofMain = await run({ env, programs });
  expect(ofMain).toMatchObject({ exitCode: 0, output: '', calls: pushed(`sha-${sha}`, 'main') });
  const release = { ...env, GITHUB_REF_TYPE: 'tag', GITHUB_REF_NAME: 'v1.2.3' };
  const ofRelease = await run({ env: release, programs });
  expect(ofRelease).toMatchObject({ exitCode: 0, calls: pushed(`sha-${sha}`, '1.2.3') });
  expect((await run({ env: { ...env, TOKEN: 'another' }, programs })).exitCode).toBe(1);
}
