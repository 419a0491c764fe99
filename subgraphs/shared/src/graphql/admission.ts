import type { Logger } from '../process/log.ts';

/** The places for the requests that a process works on at once: what keeps its memory bounded, whoever asks. */
export interface Admission {
  /** Takes places; whoever got them calls `leave` once. Null: there are not as many, try later. */
  enter(places: number): { leave(): void } | null;
}

export interface AdmissionOptions {
  maxPlaces: number;
  log: Logger;
  /** A clock that does not jump. */
  nowMs?: () => number;
}

/** Refusals are a warning once in this time, with their number: an overload must not become one of the log. */
const warnEveryMs = 10_000;

export function createAdmission({
  maxPlaces,
  log,
  nowMs = () => performance.now(),
}: AdmissionOptions): Admission {
  let taken = 0;
  let refused = 0;
  let warnedAtMs = Number.NEGATIVE_INFINITY;

  function noteRefusal(): void {
    refused++;
    if (nowMs() - warnedAtMs < warnEveryMs) return;
    log.warn({ refused, maxRequests: maxPlaces }, 'too much to do: requests are refused');
    refused = 0;
    warnedAtMs = nowMs();
  }

  return {
    enter(places) {
      // When nothing runs, even what needs more than there is may run, alone.
      if (taken > 0 && taken + places > maxPlaces) {
        noteRefusal();
        return null;
      }
      taken += places;
      return {
        leave() {
          taken -= places;
        },
      };
    },
  };
}
