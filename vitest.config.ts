import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Node takes the CommonJS build of graphql, and so do Apollo's packages: a second copy fails at instanceof.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['{contracts,router,scripts,subgraphs}/**/*.test.ts'],
    exclude: ['**/node_modules/**'],
    // Suites start servers and child processes: a file may take its time, a hang may not.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // Suites wait for timers and processes for half of their time: two at once, also on two cores.
    maxWorkers: 2,
    // As scripts/run.mjs: these warnings tell nobody anything.
    execArgv: ['--disable-warning=ExperimentalWarning', '--disable-warning=TimeoutNegativeWarning'],
    env: { APOLLO_TELEMETRY_DISABLED: '1', KAFKAJS_NO_PARTITIONER_WARNING: '1' },
  },
});
