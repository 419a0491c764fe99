import type { Job, Workflow } from './read-workflows.ts';

/** What must hold of every workflow, beyond what GitHub asks. */
export interface Rule {
  readonly name: string;
  /** What in it breaks the rule; nothing when it holds. */
  readonly violations: (workflow: Workflow) => readonly string[];
}

const longestJobMinutes = 60;

const eachJob =
  (problems: (job: Job) => readonly (string | false | undefined)[]) =>
  ({ jobs }: Workflow): string[] =>
    Object.entries(jobs).flatMap(([id, job]) =>
      problems(job).flatMap((problem) => (problem ? [`${id}: ${problem}`] : [])),
    );

const isEqual = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
const checkouts = ({ steps }: Job) => steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));

/** Verbs and git look at the base of a change and at released versions. */
const looksBack = ({ steps }: Job) =>
  steps.some(({ run }) => /\bnpm\b|\bgit\b|touched-subgraphs/.test(run ?? ''));

export const rules: readonly Rule[] = [
  {
    name: 'it may read the repository and nothing else, unless a job says more',
    violations: ({ permissions }) =>
      isEqual(permissions, { contents: 'read' }) ? [] : [`permissions are ${JSON.stringify(permissions)}`],
  },
  {
    // With its code, a pull request could bring what uses the token; and a secret is as good as a token.
    name: 'a job that may write runs nothing of the repository',
    violations: eachJob((job) => [
      Object.values(job.permissions ?? {}).some((access) => access !== 'read') &&
        checkouts(job).length > 0 &&
        'checks out, and may write',
    ]),
  },
  {
    name: 'secrets belong to an environment, which main alone may use',
    violations: eachJob((job) => [
      /\bsecrets\b/.test(JSON.stringify(job)) && job.environment === undefined && 'uses a secret',
    ]),
  },
  {
    // These run with the rights of the base branch.
    name: 'it never runs for a pull request with more rights than that has',
    violations: ({ on }) =>
      ['pull_request_target', 'workflow_run', 'issue_comment'].filter((event) => event in on),
  },
  {
    name: 'a new push to a pull request ends the run of the one before',
    violations: ({ concurrency }) =>
      concurrency?.['cancel-in-progress'] === true &&
      String(concurrency.group).includes(`\${{ github.event.pull_request.number || github.sha }}`)
        ? []
        : [`concurrency is ${JSON.stringify(concurrency)}`],
  },
  {
    name: 'every job ends in time',
    violations: eachJob(({ 'timeout-minutes': minutes }) => [
      !(minutes !== undefined && minutes <= longestJobMinutes) && `timeout-minutes is ${minutes}`,
    ]),
  },
  {
    name: 'every job names the version of its machine',
    violations: eachJob(({ 'runs-on': machine }) => [!/-\d/.test(machine) && `runs on ${machine}`]),
  },
  {
    // -e and pipefail come with the name alone, not with the default shell, which is bash as well.
    name: 'scripts are of a bash that ends at the first failure',
    violations: (workflow) => [
      ...(isEqual(workflow.defaults, { run: { shell: 'bash' } }) ? [] : ['the default shell is another']),
      ...eachJob(({ steps }) => steps.map(({ shell }) => shell !== undefined && 'has a shell of its own'))(
        workflow,
      ),
    ],
  },
  {
    // Pasted into a script, a title or the name of a branch would be run as code.
    name: 'scripts take values from the environment, never from an expression',
    violations: eachJob(({ steps }) =>
      steps.map(({ name, run }) => run?.includes(`\${{`) && `${name} has an expression in its script`),
    ),
  },
  {
    name: 'nothing takes a text that anybody may write',
    violations: ({ text }) =>
      text.match(
        /github\.(?:head_ref|event\.(?:issue|comment|review|head_commit|commits|pages)\b|event\.pull_request\.(?:title|body|head\.(?:ref|label|repo\.default_branch)))/g,
      ) ?? [],
  },
  {
    name: 'every script has a name of its own in its job',
    violations: eachJob(({ steps }) => {
      const names = steps.filter(({ run }) => run !== undefined).map(({ name }) => name);
      return names.map(
        (name, index) =>
          (name === undefined || names.indexOf(name) !== index) && `a script's name is ${name}`,
      );
    }),
  },
  {
    name: 'a checkout leaves no token behind, and brings the history where somebody looks at it',
    violations: eachJob((job) =>
      checkouts(job).flatMap(({ with: settings }) => [
        settings['persist-credentials'] !== 'false' && 'keeps the token',
        looksBack(job) && settings['fetch-depth'] !== '0' && 'has no history',
      ]),
    ),
  },
  {
    name: 'no registry or other host is named; what is outside comes from settings',
    violations: ({ text, jobs }) => [
      ...[...text.matchAll(/https?:\/\/[^\s"']+/g)]
        .map(([url]) => url)
        .filter((url) => !url.startsWith('http://127.0.0.1:')),
      ...Object.values(jobs).flatMap(({ services }) =>
        Object.values(services)
          .map(({ image }) => image)
          .filter((image) => /^[^/]*[.:][^/]*\//.test(image)),
      ),
    ],
  },
];
