import { Application } from './application.ts';
import { RunFold } from './fold.ts';
import { isOver } from './run-status.ts';
import { AppError } from '../base/failure.ts';
import type { RunOrder } from '../contracts/runs.ts';
import { nextMoves } from './moves.ts';
import type { Moves } from './moves.ts';
import { eventsOf } from './orders.ts';
import { eventOf } from './outcomes.ts';
import type { EnginePorts, StepTask, Workshop } from './ports.ts';
import { Wake } from './wake.ts';
import type { JournalRecord, RunEvent } from '../contracts/journal.ts';
import type { RunState } from '../contracts/run.ts';

/** Where an execution left its run. */
export type Executed = 'waiting' | 'ended' | 'interrupted';

export interface ExecuteRequest {
  readonly run: string;
  readonly records: readonly JournalRecord[];
  readonly signal: AbortSignal;
}

/**
 * Executes a run until it waits for the operator, ends, or is interrupted.
 *
 * Owns the order of things: an intent is on disk before its attempt is made, an outcome before anything
 * follows from it (promise P2). Owns no time, no randomness and no I/O. An attempt that was under way when
 * a process died is made again with the same key. An append that fails ends the execution by rejecting.
 */
export async function executeRun(ports: EnginePorts, request: ExecuteRequest): Promise<Executed> {
  const execution = new Execution(ports, request);
  try {
    return await execution.toRest();
  } finally {
    await execution.settle();
  }
}

interface AttemptUnderWay {
  readonly step: string;
  readonly done: Promise<void>;
  abort(): void;
}

class Execution {
  readonly #ports: EnginePorts;
  readonly #fold: RunFold;
  readonly #wake = new Wake();
  /** The attempts that this process is making, by key. */
  readonly #attempts = new Map<string, AttemptUnderWay>();
  readonly #application: Application;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  /** The last record on its way; what is decided next is decided after it. */
  #committing: Promise<unknown> = Promise.resolve();
  #broken: { readonly thrown: unknown } | undefined;

  constructor(ports: EnginePorts, { run, records, signal }: ExecuteRequest) {
    this.#ports = ports;
    this.#fold = new RunFold(run, records);
    this.#signal = AbortSignal.any([signal, this.#stop.signal]);
    this.#application = new Application(ports.workshop, (decide) => this.#commit(decide));
  }

  async toRest(): Promise<Executed> {
    const orders = this.#ports.orders.onChange(() => this.#wake.set());
    const onAbort = () => this.#wake.set();
    this.#signal.addEventListener('abort', onAbort);
    try {
      for (;;) {
        const rest = await this.#turn();
        if (rest) return rest;
      }
    } finally {
      orders.dispose();
      this.#signal.removeEventListener('abort', onAbort);
    }
  }

  /** Stops what is under way and waits until it has let go. */
  async settle(): Promise<void> {
    this.#stop.abort();
    await Promise.all([...[...this.#attempts.values()].map(({ done }) => done), this.#application.settled()]);
  }

  /** One look at the state: record what follows, start what is due, then sleep until something happens. */
  async #turn(): Promise<Executed | undefined> {
    if (this.#broken) throw this.#broken.thrown;
    if (this.#signal.aborted) return 'interrupted';
    this.#wake.reset();
    await this.#takeOrders();
    if (await this.#commit((state) => this.#moves(state).events)) return undefined;
    const state = this.#state();
    if (isOver(state)) return 'ended';
    this.#dropOutdated(state);
    const moves = this.#moves(state);
    if (moves.events.length > 0) return undefined;
    for (const step of moves.attempts) this.#launch(step);
    const applying = this.#application.advance(state, () => this.#wake.set());
    if (this.#attempts.size === 0 && !applying && moves.wakeAtMs === undefined) return 'waiting';
    await this.#pause(moves);
    return undefined;
  }

  #moves(state: RunState): Moves {
    const { clock, workshop } = this.#ports;
    const askPolicy: Workshop['askPolicy'] = (run, proposal) => workshop.askPolicy(run, proposal);
    return nextMoves(state, { nowMs: clock.now(), inFlight: this.#inFlight(state), askPolicy });
  }

  async #pause({ wakeAtMs }: Moves): Promise<void> {
    if (wakeAtMs === undefined) return this.#wake.wait();
    const nap = new AbortController();
    const { sleepUntil } = this.#ports;
    await Promise.race([
      sleepUntil(wakeAtMs, AbortSignal.any([this.#signal, nap.signal])),
      this.#wake.wait(),
    ]);
    nap.abort();
  }

  async #takeOrders(): Promise<void> {
    for (const order of await this.#ports.orders.pending()) {
      await this.#commit((state) => eventsOf(state, order)).catch((thrown: unknown) =>
        this.#refuse(order, thrown),
      );
      await this.#ports.orders.acknowledge(order.id);
    }
  }

  /** An order that the journal cannot hold must not keep the others from being heard. */
  async #refuse(order: RunOrder, thrown: unknown): Promise<void> {
    if (!(thrown instanceof AppError) || thrown.code !== 'internal') throw thrown;
    const why = thrown.message;
    if (order.kind !== 'decide') return;
    const { n, version } = order;
    await this.#commit(() => [{ type: 'decision.refused', data: { n, version, why } }]);
  }

  /** Steps whose current attempt is being made here. */
  #inFlight(state: RunState): ReadonlySet<string> {
    const keys = [...state.steps.values()].map(({ id, attempts }) => [id, attempts.at(-1)?.key] as const);
    return new Set(keys.flatMap(([id, key]) => (key !== undefined && this.#attempts.has(key) ? [id] : [])));
  }

  /** An attempt whose step was reset under it has nothing to deliver any more. */
  #dropOutdated(state: RunState): void {
    for (const [key, { step, abort }] of this.#attempts) {
      if (!isCurrent(state, step, key)) abort();
    }
  }

  #launch(id: string): void {
    const state = snapshot(this.#state());
    const step = state.definition.workflow.steps.find((one) => one.id === id);
    const attempt = state.steps.get(id)?.attempts.at(-1);
    if (!step || !attempt) return;
    const controller = new AbortController();
    const done = this.#attempt({ state, step, attempt }, AbortSignal.any([this.#signal, controller.signal]))
      .catch((thrown: unknown) => {
        this.#broken = { thrown };
      })
      .finally(() => {
        this.#attempts.delete(attempt.key);
        this.#wake.set();
      });
    this.#attempts.set(attempt.key, { step: id, done, abort: () => controller.abort() });
  }

  async #attempt(task: StepTask, signal: AbortSignal): Promise<void> {
    const { workshop, clock, random } = this.#ports;
    const outcome = await workshop.perform(task, signal);
    await this.#commit((state) => {
      // An interrupted attempt leaves no outcome: whoever takes the run over makes it again.
      if (signal.aborted || !isCurrent(state, task.step.id, task.attempt.key)) return [];
      return [eventOf(state, task.step, outcome, { nowMs: clock.now(), random })];
    });
  }

  /** Decides on the state that all earlier records have led to, and records what was decided, as one step. */
  #commit(decide: (state: RunState) => readonly RunEvent[]): Promise<boolean> {
    const committed = this.#committing.then(async () => {
      const events = decide(this.#state());
      if (events.length === 0) return false;
      for (const record of await this.#ports.journal.append(events)) this.#fold.apply(record);
      return true;
    });
    this.#committing = committed.catch(() => undefined);
    return committed;
  }

  #state(): RunState {
    if (!this.#fold.state) throw new Error('A run without run.started was executed');
    return this.#fold.state;
  }
}

/** The state as it is now: the fold's own maps change with the next record. */
function snapshot(state: RunState): RunState {
  const { steps, proposals, gates } = state;
  return { ...state, steps: new Map(steps), proposals: new Map(proposals), gates: new Map(gates) };
}

/** Whether the attempt is the one that its step waits for. */
function isCurrent(state: RunState, step: string, key: string): boolean {
  const at = state.steps.get(step);
  return at?.status.is === 'running' && at.attempts.at(-1)?.key === key;
}
