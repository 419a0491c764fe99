import { arm, firstToFire, nextToFire } from '../points/armed.ts';
import type { Arming } from '../points/point.ts';
import { type Moment, momentsOf, type PartWithPoints, stepsOf } from '../points/steps.ts';
import type { Random, Scenario, Stage } from '../stage.ts';

interface StepMoment {
  step: string;
  moment: Moment;
}

/** A dead consumer's partitions stay its own for 12 s; then come the others' batches. */
const roundMs = 18_000;
/** What a round of three processes may take on a busy machine, for each of them. */
const msPerPoint = 9_000;
/**
 * When so many orders came in so many rounds while a process waited at a step, the step is not to be reached. Others
 * may have done all of the orders of a round: on a busy machine a process that comes back has no partition for long.
 */
const enoughOrders = 150;
const enoughRounds = 3;
/** So short that orders expire while nobody can decide them. */
const expiresAfterMs = 4_000;

const pointsOf = (part: PartWithPoints, steps = stepsOf[part]): StepMoment[] =>
  steps.flatMap((step) => momentsOf(part, step).map((moment) => ({ step, moment })));

/**
 * The middle of a bulkWrite is only there when two orders meet in a batch, which under a light load some never do;
 * and what a batch has just written it reads only where another may have written it before.
 */
const isSure = ({ step, moment }: StepMoment) => step !== 'read' && (moment !== 'between' || step === 'hold');

const phases: [name: string, part: PartWithPoints, steps: string[]][] = [
  ['reserving', 'products', ['open', 'read', 'hold', 'read-held', 'invalidate', 'decide']],
  ['rejecting', 'products', ['give-back', 'finish-rejecting', 'remove-marks']],
  ['releasing', 'products', ['bury', 'begin-releasing', 'restock', 'finish-releasing']],
  ['telling', 'products', ['publish-products', 'commit', 'publish-inventory', 'pull-outbox']],
  ['ordering', 'orders', stepsOf.orders],
];

/**
 * Every step and moment of a phase of the protocol, in the order of the seed, with all processes of the part armed at
 * a time. It takes some 1,000 orders to come to all of them.
 */
export const killsAtSteps: Scenario[] = phases.map(([name, part, steps]) => ({
  name: `kill-at-${name}`,
  about: `Processes of ${part} are killed before, in the middle of and after each of: ${steps.join(', ')}.`,
  points: true,
  layout: { [part]: 3 },
  variables: () => ({ ORDER_EXPIRES_AFTER_MS: `${expiresAfterMs}` }),
  loadMs: 30_000 + pointsOf(part, steps).length * msPerPoint,
  ordersAtLeast: 800,
  slow: true,
  mayRefuse: true,
  inject: (stage) => killAtAll(stage, part, steps),
}));

/** One step and moment each: what a failure of the above is narrowed down with. */
export const singleKills: Scenario[] = (['products', 'orders'] as const).flatMap((part) =>
  pointsOf(part).map(({ step, moment }) => ({
    name: `kill-${part}-${step}-${moment}`,
    about: `A process of ${part} is killed ${moment === 'between' ? 'in the middle of' : moment} ${step}.`,
    points: true,
    variables: () => ({ ORDER_EXPIRES_AFTER_MS: `${expiresAfterMs}` }),
    loadMs: step === 'expire' ? 25_000 : 8_000,
    mayRefuse: true,
    onlyByName: true,
    inject: (stage) => killAt(stage, part, { step, moment }),
  })),
);

async function killAt(stage: Stage, part: PartWithPoints, { step, moment }: StepMoment): Promise<void> {
  await letOrdersExpire(stage, [step]);
  const arming: Arming = { step, moment, action: 'kill' };
  const fired = await firstToFire(stage, stage.processes.of(part), arming, { withinMs: roundMs });
  if (!fired && isSure({ step, moment })) stage.violation(`${step} was never reached, ${moment}`);
}

/** While nobody decides them: the partitions of the dead are theirs for a while. */
async function letOrdersExpire({ processes }: Stage, steps: string[]): Promise<void> {
  if (!steps.includes('expire')) return;
  await Promise.all(processes.of('products').map((name) => processes.kill(name)));
}

interface Armed {
  point: StepMoment;
  /** How many orders there had been when it was armed. */
  since: number;
  rounds: number;
}

async function killAtAll(stage: Stage, part: PartWithPoints, steps: string[]): Promise<void> {
  const left = shuffle(pointsOf(part, steps), stage.random);
  const armed = new Map<string, Armed>();
  for (let orders = -1; left.length + armed.size > 0 && stage.acknowledged() > orders; ) {
    orders = stage.acknowledged();
    for (const name of stage.processes.of(part)) {
      const point = armed.has(name) ? undefined : left.shift();
      if (point) armed.set(name, { point, since: orders, rounds: 0 });
    }
    for (const [name, { point }] of armed) arm(stage, [name], toArming(point));
    await letOrdersExpire(
      stage,
      [...armed.values()].map(({ point }) => point.step),
    );
    await playRound(stage, armed);
    for (const [name, waiting] of armed) {
      waiting.rounds += 1;
      if (stage.acknowledged() - waiting.since < enoughOrders || waiting.rounds < enoughRounds) continue;
      armed.delete(name);
      arm(stage, [name], null);
      giveUp(stage, waiting.point);
    }
    await stage.processes.untilReady();
  }
  arm(stage, armed.keys(), null);
  const missed = [...left, ...[...armed.values()].map(({ point }) => point)];
  const named = missed.map(({ step, moment }) => `${moment} ${step}`);
  if (named.length > 0) stage.say(`too few orders to come to all: ${named.join(', ')}`);
}

/** Ends when every armed process has been killed, or after a time; takes out those that were. */
async function playRound(stage: Stage, armed: Map<string, Armed>): Promise<void> {
  const untilMs = performance.now() + roundMs;
  const waiting = new Map([...armed].map(([name, { point }]) => [name, toArming(point)]));
  while (waiting.size > 0 && performance.now() < untilMs) {
    const fired = await nextToFire(stage, waiting, untilMs - performance.now());
    if (!fired) continue;
    const { step, moment } = waiting.get(fired.name) as Arming;
    stage.say(`${fired.name} killed, ${moment} ${step}`);
    waiting.delete(fired.name);
    armed.delete(fired.name);
  }
}

function giveUp(stage: Stage, point: StepMoment): void {
  const text = `${point.step} was never reached, ${point.moment}`;
  if (isSure(point)) stage.violation(text);
  else stage.say(text);
}

const toArming = (point: StepMoment): Arming => ({ ...point, action: 'kill' });

function shuffle<Item>(items: Item[], random: Random): Item[] {
  const left = [...items];
  return items.flatMap(() => left.splice(random.below(left.length), 1));
}
