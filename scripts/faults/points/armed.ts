import type { Stage } from '../stage.ts';
import type { Arming, FiredMessage } from './point.ts';

/** A process that came to where it was armed. */
export interface Fired {
  name: string;
  orderIds: string[];
}

/** A process listens on its channel while it works: this is soon enough for it to have heard. */
const heardAfterMs = 300;
const lookEveryMs = 20;

/** Tells these processes what to do where; null takes it back. */
export function arm(stage: Stage, names: Iterable<string>, arming: Arming | null): void {
  for (const name of names) stage.processes.send(name, { arm: arming });
}

/** Resolves with the first of these processes that comes to its point; null after `withinMs`. */
export async function nextToFire(
  stage: Stage,
  armed: ReadonlyMap<string, Arming>,
  withinMs: number,
): Promise<Fired | null> {
  const untilMs = performance.now() + withinMs;
  do {
    for (const [name, arming] of armed) {
      const fired = firedBy(await stage.processes.nextMessage(name, lookEveryMs), arming);
      if (fired) return { name, orderIds: fired.orderIds };
    }
  } while (performance.now() < untilMs);
  return null;
}

/**
 * Arms all of these with the same, and resolves with the first that comes to it, when the others are disarmed; null if
 * none does within `withinMs`. Others that came to it at the same moment are handed to `onOther`.
 */
export async function firstToFire(
  stage: Stage,
  names: string[],
  arming: Arming,
  options: { withinMs: number; onOther?: (name: string) => void },
): Promise<Fired | null> {
  const armed = new Map(names.map((name) => [name, arming]));
  arm(stage, names, arming);
  const first = await nextToFire(stage, armed, options.withinMs);
  if (first) armed.delete(first.name);
  arm(stage, armed.keys(), null);
  for (let other: Fired | null; armed.size > 0; armed.delete(other.name)) {
    other = await nextToFire(stage, armed, heardAfterMs);
    if (!other) break;
    options.onOther?.(other.name);
  }
  return first;
}

// What came from an earlier arming is passed over.
function firedBy(message: unknown, { step, moment, action }: Arming): FiredMessage['fired'] | null {
  const { fired } = (message ?? {}) as Partial<FiredMessage>;
  const isThis = fired?.step === step && fired.moment === moment && fired.action === action;
  return isThis ? fired : null;
}
