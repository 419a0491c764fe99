/** Thrown into a worker at its pause: the process it stands for is gone. */
export class Killed extends Error {
  override name = 'Killed';
}

export type Pause = () => Promise<void>;

interface Worker {
  name: string;
  isDone: boolean;
  resume: () => void;
  kill: () => void;
  /** Settles when the worker pauses again or ends; rejects with what it failed with, unless it was killed. */
  arrival: Promise<void>;
}

/**
 * Runs workers one step at a time, in an order chosen from outside, so that a schedule can be repeated. A worker
 * calls `pause` before everything another worker could see; there it can also be killed.
 */
export class Scheduler {
  #workers: Worker[] = [];

  get count(): number {
    return this.#workers.length;
  }

  async add(name: string, body: (pause: Pause) => Promise<void>): Promise<void> {
    let arrive = Promise.withResolvers<void>();
    const nothing = () => undefined;
    const worker: Worker = { name, isDone: false, resume: nothing, kill: nothing, arrival: arrive.promise };
    let isKilled = false;
    const pause: Pause = () => {
      if (isKilled) return Promise.reject(new Killed());
      const turn = Promise.withResolvers<void>();
      worker.resume = () => {
        arrive = Promise.withResolvers();
        worker.arrival = arrive.promise;
        turn.resolve();
      };
      worker.kill = () => {
        isKilled = true;
        arrive = Promise.withResolvers();
        worker.arrival = arrive.promise;
        turn.reject(new Killed());
      };
      arrive.resolve();
      return turn.promise;
    };
    this.#workers.push(worker);
    body(pause)
      .catch((error) => {
        if (!(error instanceof Killed)) arrive.reject(error);
      })
      .finally(() => {
        worker.isDone = true;
        arrive.resolve();
      });
    await worker.arrival;
    this.#sweep();
  }

  /** Lets one worker go on to its next pause. */
  async step(index: number): Promise<void> {
    const worker = this.#workers[index % this.#workers.length];
    if (!worker) return;
    worker.resume();
    await worker.arrival;
    this.#sweep();
  }

  /** Ends one worker where it stands, as kill -9 does. */
  async kill(index: number): Promise<void> {
    const worker = this.#workers[index % this.#workers.length];
    if (!worker) return;
    worker.kill();
    await worker.arrival;
    this.#sweep();
  }

  #sweep(): void {
    this.#workers = this.#workers.filter((worker) => !worker.isDone);
  }
}
