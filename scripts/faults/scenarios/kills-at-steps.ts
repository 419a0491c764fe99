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
/** Who has not come to its point in so many rounds gets another one. */
const maxRounds = 3;
const maxTries = 2;
/** So short that orders expire while nobody can decide them. */
const expiresAfterMs = 8_000;

const allPoints = (part: PartWithPoints): StepMoment[] =>
  stepsOf[part].flatMap((step) => momentsOf(part, step).map((moment) => ({ step, moment })));

/** The middle of a bulkWrite is only there when two orders meet in a batch; some never do under a light load. */
const isSure = ({ step, moment }: StepMoment) =>
  moment !== 'between' || ['hold', 'pull-outbox'].includes(step);

/** Every step and moment of a part, in the order of the seed, with every process of the part armed at a time. */
export const killsAtSteps: Scenario[] = (['products', 'orders'] as const).map((part) => ({
  name: `kill-at-steps-${part}`,
  about: `${part} processes are killed at every step of the protocol: before it, in its middle and after it.`,
  points: true,
  layout: part === 'products' ? { products: 3 } : { orders: 3 },
  variables: () => ({ ORDER_EXPIRES_AFTER_MS: `${expiresAfterMs}` }),
  loadMs: part === 'products' ? 360_000 : 180_000,
  slow: true,
  mayRefuse: true,
  inject: (stage) => killAtAll(stage, part),
}));

/** One step and moment each: what a failure of the above is narrowed down with. */
export const singleKills: Scenario[] = (['products', 'orders'] as const).flatMap((part) =>
  allPoints(part).map(({ step, moment }) => ({
    name: `kill-${part}-${step}-${moment}`,
    about: `A process of ${part} is killed ${moment === 'between' ? 'in the middle of' : moment} ${step}.`,
    points: true,
    variables: () => ({ ORDER_EXPIRES_AFTER_MS: `${expiresAfterMs}` }),
    loadMs: step === 'expire' ? 25_000 : 8_000,
    mayRefuse: true,
    inject: (stage) => killAt(stage, part, { step, moment }),
  })),
);

async function killAt(stage: Stage, part: PartWithPoints, { step, moment }: StepMoment): Promise<void> {
  // While the others wait for the dead, orders expire.
  if (step === 'expire')
    await Promise.all(stage.processes.of('products').map((name) => stage.processes.kill(name)));
  const arming: Arming = { step, moment, action: 'kill' };
  const fired = await firstToFire(stage, stage.processes.of(part), arming, { withinMs: roundMs });
  if (!fired && isSure({ step, moment })) stage.violation(`${step} was never reached, ${moment}`);
}

async function killAtAll(stage: Stage, part: PartWithPoints): Promise<void> {
  const left = shuffle(allPoints(part), stage.random).map((point) => ({ point, tries: 0 }));
  const armed = new Map<string, { item: (typeof left)[number]; rounds: number }>();
  while (left.length + armed.size > 0) {
    for (const name of stage.processes.of(part)) {
      const item = armed.has(name) ? undefined : left.shift();
      if (item) armed.set(name, { item, rounds: 0 });
    }
    const armings = new Map([...armed].map(([name, { item }]) => [name, toArming(item.point)]));
    for (const [name, arming] of armings) arm(stage, [name], arming);
    await playRound(stage, armings, (name) => armed.delete(name));
    for (const [name, holder] of armed) {
      if (++holder.rounds < maxRounds) continue;
      armed.delete(name);
      arm(stage, [name], null);
      if (++holder.item.tries < maxTries) left.push(holder.item);
      else giveUp(stage, holder.item.point);
    }
    await stage.processes.untilReady();
  }
}

/** Ends when every armed process has been killed, or after a time. */
async function playRound(
  stage: Stage,
  armed: Map<string, Arming>,
  onKilled: (name: string) => void,
): Promise<void> {
  const untilMs = performance.now() + roundMs;
  while (armed.size > 0 && performance.now() < untilMs) {
    const fired = await nextToFire(stage, armed, untilMs - performance.now());
    if (!fired) continue;
    const { step, moment } = armed.get(fired.name) as Arming;
    stage.say(`${fired.name} killed, ${moment} ${step}`);
    armed.delete(fired.name);
    onKilled(fired.name);
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
