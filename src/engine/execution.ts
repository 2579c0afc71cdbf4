import { Application } from './application.ts';
import type { RunFold } from './fold.ts';
import type { Folding } from './folding.ts';
import { editedStep } from './edited-step.ts';
import { isOver } from './run-status.ts';
import { limits } from '../base/limits.ts';
import { AppError } from '../base/failure.ts';
import type { RunOrder } from '../contracts/runs.ts';
import { nextMoves } from './moves.ts';
import type { Moves } from './moves.ts';
import { eventsOf } from './orders.ts';
import { eventOf, noteOf } from './outcomes.ts';
import type { EnginePorts, StepTask, Workshop } from './ports.ts';
import { Wake } from './wake.ts';
import { staysUntilMs } from './wakes.ts';
import type { RunEvent } from '../contracts/journal.ts';
import type { RunState } from '../contracts/run.ts';

/** Where an execution left its run. */
export type Executed = 'waiting' | 'ended' | 'interrupted';

export interface ExecuteRequest {
  /** The run as its journal tells it; goes on with what is recorded from now on. */
  readonly fold: RunFold;
  readonly signal: AbortSignal;
}

/**
 * Executes a run until it waits for the operator or for a time that is far, ends, or is interrupted.
 *
 * Owns the order of things: an intent is on disk before its attempt is made, an outcome before anything
 * follows from it outside the journal (promise P2). Owns no time, no randomness and no I/O. An attempt that
 * was under way when a process died is made again with the same key. A record that cannot be brought to disk
 * ends the execution by rejecting.
 *
 * 1. Deciding and recording is one step that nothing comes in between: the state is the fold of all records,
 *    those that are still on their way to disk included.
 * 2. Whatever leaves the journal (an attempt, an application, an acknowledgement, the end) waits for the disk.
 *    So an outcome and the intents that follow from it share a flush.
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
  readonly isEffect: boolean;
  readonly controller: AbortController;
  done: Promise<void>;
}

class Execution {
  readonly #ports: EnginePorts;
  readonly #fold: RunFold;
  readonly #wake = new Wake();
  /** The attempts that this process is making, by key. */
  readonly #attempts = new Map<string, AttemptUnderWay>();
  /** Keys of the attempts that were begun here, and not by a process before. */
  readonly #begun = new Set<string>();
  readonly #application: Application;
  readonly #signal: AbortSignal;
  /** Resolves when all that was recorded so far is on disk. */
  #onDisk: Promise<void> = Promise.resolve();
  #ordered = true;
  #settling = false;
  #broken: { readonly thrown: unknown } | undefined;

  constructor(ports: EnginePorts, { fold, signal }: ExecuteRequest) {
    this.#ports = ports;
    this.#fold = fold;
    this.#signal = signal;
    this.#application = new Application(ports.workshop, (decide) => this.#commit(decide));
  }

  async toRest(): Promise<Executed> {
    const orders = this.#ports.orders.onChange(() => {
      this.#ordered = true;
      this.#wake.set();
    });
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
    this.#settling = true;
    for (const underWay of this.#attempts.values()) abandon(underWay);
    await Promise.all([...[...this.#attempts.values()].map(({ done }) => done), this.#application.settled()]);
  }

  /** One look at the state: take what was ordered, go as far as it leads, then sleep until something happens. */
  async #turn(): Promise<Executed | undefined> {
    if (this.#broken) throw this.#broken.thrown;
    if (this.#signal.aborted) return 'interrupted';
    this.#wake.reset();
    if (this.#ordered) await this.#takeOrders();
    // What becomes due from here on is either looked at now or stayed for.
    const nowMs = this.#ports.clock.now();
    const { wakeAtMs } = this.#advance();
    const over = isOver(this.#state());
    const staysMs = (staysUntilMs(this.#state(), nowMs) ?? Infinity) - nowMs;
    const naps = staysMs <= limits.napMs;
    const busy = this.#attempts.size > 0 || this.#application.isUnderWay || naps;
    if (busy && !over) await this.#pause(wakeAtMs);
    else await this.#onDisk;
    if (busy && !over) return undefined;
    if (this.#wake.isSet) return undefined;
    return over ? 'ended' : 'waiting';
  }

  /** Records all that follows from the state, and starts what is due then. */
  #advance(): Moves {
    let moves = this.#moves();
    while (this.#record(moves.events)) moves = this.#moves();
    const state = this.#state();
    this.#dropOutdated(state);
    if (isOver(state)) return moves;
    for (const step of moves.attempts) this.#launch(step);
    this.#application.advance(state, () => this.#wake.set());
    return moves;
  }

  #moves(): Moves {
    const { clock, workshop } = this.#ports;
    const askPolicy: Workshop['askPolicy'] = (run, proposal) => workshop.askPolicy(run, proposal);
    const state = this.#state();
    return nextMoves(state, { nowMs: clock.now(), inFlight: this.#inFlight(state), askPolicy });
  }

  async #pause(wakeAtMs: number | undefined): Promise<void> {
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
    this.#ordered = false;
    for (const order of await this.#ports.orders.pending()) {
      this.#obey(order);
      await this.#onDisk;
      // What the order means to another process, which has the run by now, this one cannot know.
      this.#ports.journal.expectOurs();
      await this.#ports.orders.acknowledge(order.id);
    }
  }

  /** An order that the journal cannot hold must not keep the others from being heard. */
  #obey(order: RunOrder): void {
    try {
      this.#record(eventsOf(this.#state(), order), order.id);
    } catch (thrown) {
      if (!(thrown instanceof AppError) || thrown.code !== 'internal') throw thrown;
      if (order.kind !== 'decide') return;
      const { n, version } = order;
      this.#record([{ type: 'decision.refused', data: { n, version, why: thrown.message } }], order.id);
    }
  }

  /** Steps whose current attempt is being made here. */
  #inFlight(state: RunState): ReadonlySet<string> {
    const current = [...this.#attempts].filter(([key, { step }]) => isCurrent(state, step, key));
    return new Set(current.map(([, { step }]) => step));
  }

  /** An attempt whose step was reset under it has nothing to deliver any more. */
  #dropOutdated(state: RunState): void {
    for (const [key, underWay] of this.#attempts) {
      if (!isCurrent(state, underWay.step, key)) abandon(underWay);
    }
  }

  #launch(id: string): void {
    const state = this.#state();
    const at = state.steps.get(id);
    const attempt = at?.attempts.at(-1);
    if (!at || !attempt || this.#isDelivering(id)) return;
    const step = editedStep(at.step, at.edits);
    const isEffect = step.kind === 'deliver';
    const underWay = { step: id, isEffect, controller: new AbortController(), done: Promise.resolve() };
    this.#attempts.set(attempt.key, underWay);
    const resumed = !this.#begun.has(attempt.key);
    const expectOurs = () => this.#ports.journal.expectOurs();
    underWay.done = this.#attempt(
      { state: snapshot(state), step, attempt, resumed, expectOurs },
      underWay.controller.signal,
    )
      .catch((thrown: unknown) => this.#break(thrown))
      .finally(() => {
        this.#attempts.delete(attempt.key);
        this.#wake.set();
      });
  }

  /** What an earlier attempt does outside comes to its end first: the next one has to know of it. */
  #isDelivering(id: string): boolean {
    return [...this.#attempts.values()].some(({ step, isEffect }) => isEffect && step === id);
  }

  async #attempt(task: StepTask, signal: AbortSignal): Promise<void> {
    const { workshop, clock, random } = this.#ports;
    const { step, attempt } = task;
    await this.#onDisk;
    if (signal.aborted) return;
    const outcome = await workshop.perform(task, signal);
    const state = this.#state();
    // An interrupted attempt leaves no outcome: whoever takes the run over makes it again.
    if (signal.aborted || this.#broken) return;
    if (!isCurrent(state, step.id, attempt.key)) {
      this.#record(noteOf(state, { step, attempt }, outcome));
      return;
    }
    this.#record([eventOf(state, step, outcome, { nowMs: clock.now(), random })]);
    this.#attempts.delete(attempt.key);
    if (!this.#settling) this.#advance();
  }

  /** Decides on the state that all earlier records have led to, and answers when what was decided is on disk. */
  async #commit(decide: (state: RunState) => readonly RunEvent[]): Promise<boolean> {
    const decided = this.#record(decide(this.#state()));
    await this.#onDisk;
    return decided;
  }

  /** Gives events their place in the journal and in the state at once; answers whether there were any. */
  #record(events: readonly RunEvent[], order?: string): boolean {
    if (events.length === 0) return false;
    const { records, onDisk } = this.#ports.journal.enqueue(events, order);
    for (const record of records) this.#fold.apply(record);
    for (const event of events) if (event.type === 'step.started') this.#begun.add(event.data.key);
    this.#onDisk = onDisk;
    onDisk.catch((thrown: unknown) => this.#break(thrown));
    return true;
  }

  #break(thrown: unknown): void {
    this.#broken ??= { thrown };
    this.#wake.set();
  }

  #state(): Folding {
    if (!this.#fold.state) throw new Error('A run without run.started was executed');
    return this.#fold.state;
  }
}

/**
 * The state as an attempt sees it. The steps before it stay as they are for as long as its outcome counts, since
 * making one of them anew outdates the attempt; what is decided meanwhile changes proposals under it.
 */
function snapshot(state: RunState): RunState {
  const { proposals, gates, doubts } = state;
  return { ...state, proposals: new Map(proposals), gates: new Map(gates), doubts: new Map(doubts) };
}

/** What is being done outside cannot be taken back by not listening: its end is waited for. */
function abandon({ isEffect, controller }: AttemptUnderWay): void {
  if (!isEffect) controller.abort();
}

/** Whether the attempt is the one that its step waits for; a run that is over waits for none. */
function isCurrent(state: RunState, step: string, key: string): boolean {
  if (isOver(state)) return false;
  const at = state.steps.get(step);
  return at?.status.is === 'running' && at.attempts.at(-1)?.key === key;
}
