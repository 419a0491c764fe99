import { type Fired, firstToFire } from '../points/armed.ts';
import type { Arming } from '../points/point.ts';
import type { Moment } from '../points/steps.ts';
import type { Scenario, Stage } from '../stage.ts';

/** Kafka takes a silent consumer's partitions away after 12 s; then another must come to the end of the batch. */
const takenOverWithinMs = 45_000;
const reachedWithinMs = 20_000;

const worst: [step: string, moments: Moment[]][] = [
  ['hold', ['before', 'between', 'after']],
  ['decide', ['before', 'after']],
  ['give-back', ['before', 'after']],
  ['restock', ['before', 'between', 'after']],
  ['remove-marks', ['before', 'after']],
];

/** A Products process that stops at the worst moment, and goes on when another has long done its work. */
export const zombiesAtSteps: Scenario[] = [
  ...worst.flatMap(([step, moments]) =>
    moments.map(
      (moment): Scenario => ({
        name: `freeze-at-${step}-${moment}`,
        about: `A Products process freezes ${moment === 'between' ? 'in the middle of' : moment} ${step}; it is woken when another has done the batch.`,
        points: true,
        loadMs: 45_000,
        slow: true,
        mayRefuse: true,
        async inject(stage) {
          const zombie = await freezeAt(stage, { step, moment, action: 'freeze' });
          if (!zombie) return;
          await untilMarksAreGone(stage, zombie);
          stage.processes.wake(zombie.name);
        },
      }),
    ),
  ),
  {
    name: 'freeze-among-marks',
    about:
      'A Products process freezes before it reads what is held; it is woken when the first mark of its orders is gone.',
    points: true,
    loadMs: 100_000,
    slow: true,
    mayRefuse: true,
    async inject(stage) {
      for (let n = 0; n < 2; n++) {
        const zombie = await freezeAt(stage, {
          step: 'hold',
          moment: 'after',
          action: 'freeze',
          several: true,
        });
        if (!zombie) return;
        const killed = await killAmongMarks(stage, zombie);
        // Before anybody else can finish what the dead one began.
        stage.processes.wake(zombie.name);
        stage.say(killed ? 'woken among the marks' : 'nobody was killed among the marks');
        await stage.processes.untilReady();
      }
    },
  },
];

async function freezeAt(stage: Stage, arming: Arming): Promise<Fired | null> {
  const { processes } = stage;
  const zombie = await firstToFire(stage, processes.of('products'), arming, {
    withinMs: reachedWithinMs,
    // Somebody has to be awake.
    onOther: (name) => processes.wake(name),
  });
  if (!zombie) stage.violation(`${arming.step} was never reached, ${arming.moment}`);
  else stage.say(`${zombie.name} freezes with ${zombie.orderIds.length} orders`);
  return zombie;
}

async function untilMarksAreGone(stage: Stage, zombie: Fired): Promise<void> {
  const { orderIds } = zombie;
  const arming: Arming = { step: 'remove-marks', moment: 'after', action: 'tell', orderIds };
  const told = await othersTo(stage, zombie, arming);
  if (!told) stage.violation(`nobody took over what ${zombie.name} had begun`);
  else stage.say(`${told.name} has taken over`);
}

function killAmongMarks(stage: Stage, zombie: Fired): Promise<Fired | null> {
  const { orderIds } = zombie;
  return othersTo(stage, zombie, { step: 'remove-marks', moment: 'between', action: 'kill', orderIds });
}

function othersTo(stage: Stage, zombie: Fired, arming: Arming): Promise<Fired | null> {
  const others = stage.processes.of('products').filter((name) => name !== zombie.name);
  return firstToFire(stage, others, arming, { withinMs: takenOverWithinMs });
}
