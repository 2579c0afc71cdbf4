import { approvedProposals, canApply } from './application.ts';
import { executeRun } from './execution.ts';
import type { RunFold } from './fold.ts';
import type { Folding } from './folding.ts';
import { nextMoves } from './moves.ts';
import type { EnginePorts, StepOutcome, StepTask, Workshop } from './ports.ts';
import { orderBehind } from './replay-order.ts';
import { isApplication } from './replay-script.ts';
import type { ApplicationEvent, Difference, JournalScript } from './replay-script.ts';
import { isOver } from './run-status.ts';
import { AppError } from '../base/failure.ts';
import { doubt } from '../contracts/effect.ts';
import { noCost } from '../contracts/proposal.ts';
import type { Enqueued, JournalRecord, RunEvent, RunEventOf } from '../contracts/journal.ts';
import type { PreparedApply } from '../contracts/repository.ts';
import type { RunOrder } from '../contracts/runs.ts';
import type { Step } from '../contracts/workflow.ts';
import { wakeTimes } from './wakes.ts';

export interface ReplayPorts {
  /** Asked anew; pure. */
  readonly askPolicy: Workshop['askPolicy'];
  /** Resolves when all that follows from what has happened has happened. */
  readonly idle: () => Promise<void>;
}

export interface ReplayedProcessOptions {
  readonly script: JournalScript;
  /** The run as the processes before have left it. */
  readonly fold: RunFold;
  readonly epoch: number;
  readonly ports: ReplayPorts;
}

/** The process ends here: on purpose, as the journal has it, or because nothing can follow from a difference. */
class ProcessEnded extends Error {}

/**
 * One process that has executed the run, as its records tell it. The real execution runs over ports that wait; what
 * it waits for is given to it one by one, each time that which led to the record that is next. It is held at the
 * beginning of each of its turns, so that nothing follows from a record before the record says so.
 */
export class ReplayedProcess {
  readonly #script: JournalScript;
  readonly #fold: RunFold;
  readonly #epoch: number;
  readonly #ports: ReplayPorts;
  #ended = false;
  /** Ends what is waited for. */
  readonly #waits = new Set<(thrown: ProcessEnded) => void>();
  /** Attempts that are being made, by step and number. */
  readonly #attempts = new Map<string, (outcome: StepOutcome) => void>();
  /** What was found impossible, as the execution remembers it. */
  readonly #blocked = new Set<number>();
  /** Answers the application that is under way by the next record of one. */
  #application: ((event: ApplicationEvent) => void) | undefined;
  /** Begins the execution's next turn with these orders. */
  #turn: ((orders: readonly RunOrder[]) => void) | undefined;
  /** The orders that the execution is taking. */
  #taking: RunOrder[] = [];
  /** Lets the execution go on behind an order. */
  #acknowledge: (() => void) | undefined;
  /** What was given at this place of the journal in vain. */
  readonly #given = new Set<'order' | 'turn'>();
  #hearOfOrders: () => void = () => undefined;
  #difference: Difference | undefined;
  #thrown: unknown;

  constructor({ script, fold, epoch, ports }: ReplayedProcessOptions) {
    this.#script = script;
    this.#fold = fold;
    this.#epoch = epoch;
    this.#ports = ports;
  }

  /** Comes to the end of the process's records, or to the first that the execution does not make. */
  async toEnd(): Promise<Difference | undefined> {
    const signal = new AbortController().signal;
    const execution = executeRun(this.#enginePorts(), { fold: this.#fold, signal }).catch(
      (thrown: unknown) => {
        this.#thrown ??= thrown;
      },
    );
    for (;;) {
      await this.#ports.idle();
      const next = this.#script.nextOf(this.#epoch);
      if (!next || this.#thrown !== undefined || this.#ended) break;
      if (!this.#give(next)) this.#differ({ n: next.n, expected: next.event });
    }
    this.#end();
    await execution;
    return this.#difference ?? this.#breakdown();
  }

  /** The execution itself has failed on what the journal holds. */
  #breakdown(): Difference | undefined {
    const next = this.#script.nextOf(this.#epoch);
    if (this.#thrown instanceof ProcessEnded || !next) return undefined;
    const problem = this.#thrown instanceof Error ? this.#thrown.message : String(this.#thrown);
    return { n: next.n, expected: next.event, problem };
  }

  /** Gives the execution what led to a record; answers whether there was anything left to give. */
  #give({ event }: JournalRecord): boolean {
    if (this.#acknowledge && this.#accords()) return this.#goOn();
    return (
      this.#giveOutcome(event) ||
      this.#giveNote(event) ||
      this.#giveOrder(event) ||
      this.#giveApplication(event) ||
      this.#giveTurn()
    );
  }

  #giveOutcome(event: RunEvent): boolean {
    const outcome = outcomeBehind(event);
    if (!outcome || !('step' in event)) return false;
    const key = attemptKey(event.step, event.attempt);
    const deliver = this.#attempts.get(key);
    this.#attempts.delete(key);
    deliver?.(outcome);
    return deliver !== undefined;
  }

  /** What an effect came to whose step waits for nothing any more. */
  #giveNote(event: RunEvent): boolean {
    if (event.type !== 'effect.noted' && event.type !== 'effect.unsent') return false;
    const { step } = event.data;
    const key = [...this.#attempts.keys()].find((one) => one.startsWith(`${step}/`));
    const deliver = key === undefined ? undefined : this.#attempts.get(key);
    if (key !== undefined) this.#attempts.delete(key);
    deliver?.(notedOutcome(event));
    return deliver !== undefined;
  }

  /** An order comes with those that are being taken, or begins a turn. */
  #giveOrder(event: RunEvent): boolean {
    const order = orderBehind(this.#state(), event, (events) => this.#script.fits(events, this.#epoch));
    if (!order || this.#given.has('order')) return false;
    this.#given.add('order');
    if (this.#acknowledge) {
      this.#taking.push(order);
      return this.#goOn();
    }
    return this.#beginTurn([order]);
  }

  #giveApplication(event: RunEvent): boolean {
    const answer = this.#application;
    if (!answer || !isApplication(event)) return false;
    this.#application = undefined;
    answer(event);
    return true;
  }

  /** The record follows from the state alone, or from the time. */
  #giveTurn(): boolean {
    if (this.#acknowledge) return this.#goOn();
    if (this.#given.has('turn')) return false;
    this.#given.add('turn');
    return this.#beginTurn([]);
  }

  #beginTurn(orders: RunOrder[]): boolean {
    const turn = this.#turn;
    this.#turn = undefined;
    this.#taking = orders;
    // It comes back to where it takes orders, whatever it finds to do, and is held there again.
    this.#hearOfOrders();
    turn?.(orders);
    return turn !== undefined;
  }

  #goOn(): boolean {
    const acknowledge = this.#acknowledge;
    this.#acknowledge = undefined;
    acknowledge?.();
    return true;
  }

  /**
   * Whether what follows at once from the orders taken is what was recorded. If not, something came in between: another
   * order, or the outcome of an attempt.
   */
  #accords(): boolean {
    const state = this.#state();
    const { events } = this.#movesAt(state, this.#now());
    if (events.length > 0) return this.#script.fits(events, this.#epoch);
    if (this.#application || isOver(state)) return true;
    const due = approvedProposals(state).find(
      (proposal) => !this.#blocked.has(proposal.n) && canApply(state, proposal),
    );
    const next = this.#script.nextApplication(this.#epoch);
    return due === undefined || next === undefined || due.n === next;
  }

  #enginePorts(): EnginePorts {
    return {
      clock: { now: () => this.#now() },
      random: { next: () => 0 },
      journal: { enqueue: (events) => this.#enqueue(events), expectOurs: () => undefined },
      orders: {
        pending: () =>
          this.#wait<readonly RunOrder[]>((resolve) => {
            this.#turn = resolve;
          }),
        acknowledge: () =>
          this.#wait<void>((resolve) => {
            this.#acknowledge = resolve;
          }),
        onChange: (listener) => {
          this.#hearOfOrders = listener;
          return { dispose: () => undefined };
        },
      },
      workshop: this.#workshop(),
      sleepUntil: () => Promise.resolve(),
    };
  }

  #workshop(): Workshop {
    return {
      perform: ({ step, attempt }: StepTask) =>
        this.#wait((resolve) => this.#attempts.set(attemptKey(step.id, attempt.number), resolve)),
      askPolicy: (state, proposal) => this.#ports.askPolicy(state, proposal),
      prepareApply: (_state, { n }) => this.#untilApplication((event) => preparationBehind(event, n)),
      completeApply: () => this.#untilApplication(completionBehind),
      recoverApply: () => this.#untilApplication(({ type }) => type === 'apply.completed'),
    };
  }

  #untilApplication<T>(answerTo: (event: ApplicationEvent) => T): Promise<T> {
    return this.#wait((resolve, reject) => {
      this.#application = (event) => {
        try {
          resolve(answerTo(event));
        } catch (thrown) {
          reject(thrown);
        }
      };
    });
  }

  /** A promise that the replay settles when the record says so, and at the latest when the process ends. */
  #wait<T>(begin: (resolve: (value: T) => void, reject: (thrown: unknown) => void) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#ended) return reject(new ProcessEnded());
      this.#waits.add(reject);
      begin((value) => {
        this.#waits.delete(reject);
        resolve(value);
      }, reject);
    });
  }

  /** The journal: nothing is written, what is recorded has to be there. */
  #enqueue(events: readonly RunEvent[]): Enqueued {
    if (this.#ended) throw new ProcessEnded();
    const taken = this.#script.take(events, this.#epoch);
    if (taken === 'lost') this.#end();
    else if ('n' in taken) this.#differ(taken);
    else return this.#recorded(taken);
    throw new ProcessEnded();
  }

  #recorded(records: readonly JournalRecord[]): Enqueued {
    this.#given.clear();
    for (const { event } of records) if (event.type === 'apply.blocked') this.#blocked.add(event.data.n);
    return { records, onDisk: Promise.resolve() };
  }

  #differ(difference: Difference): void {
    this.#difference ??= difference;
    this.#end();
  }

  #end(): void {
    this.#ended = true;
    for (const end of this.#waits) end(new ProcessEnded());
    this.#waits.clear();
  }

  /**
   * The time, as far as anything follows from it: that of the next record, unless something else was due by then. What
   * waits for a time may have become due between the look at the clock and the record, and clocks are set back.
   */
  #now(): number {
    const last = this.#script.last?.at ?? 0;
    const next = this.#script.nextOf(this.#epoch)?.at ?? last;
    const state = this.#state();
    const wakes = wakeTimes(state);
    if (wakes.length === 0) return next;
    const times = [next, ...wakes, last];
    const movesAt = (nowMs: number) => this.#movesAt(state, nowMs).events;
    const leadsOn = (nowMs: number) => {
      const events = movesAt(nowMs);
      return events.length > 0 && this.#script.fits(events, this.#epoch);
    };
    return times.find(leadsOn) ?? times.find((nowMs) => movesAt(nowMs).length === 0) ?? next;
  }

  #movesAt(state: Folding, nowMs: number) {
    return nextMoves(state, { nowMs, inFlight: new Set(), askPolicy: this.#ports.askPolicy });
  }

  #state(): Folding {
    if (!this.#fold.state) throw new Error('The journal does not begin with run.started');
    return this.#fold.state;
  }
}

function attemptKey(step: string, attempt: number): string {
  return `${step}/${attempt}`;
}

/** The outcome of an attempt that a record tells of; nothing for a record of anything else. */
function outcomeBehind(event: RunEvent): StepOutcome | undefined {
  switch (event.type) {
    case 'step.completed':
      return { is: 'done', ...event.data };
    case 'step.failed':
      return { is: 'failed', ...event.data };
    case 'step.expanded': {
      const { input, parts, steps } = event.data;
      // The journal's checksum vouches for the steps of a plan.
      const added = steps === undefined ? {} : { steps: steps as unknown as readonly Step[] };
      return { is: 'expanded', input, parts, ...added };
    }
    case 'step.waiting':
      return { is: 'waiting', input: event.data.input, wait: event.data.wait };
    case 'step.sent-back': {
      const { feedback, cost } = event.data;
      // Why it would have failed is not recorded where it was sent back.
      const failure = { code: 'check.failed', message: feedback.text, retry: 'operator' } as const;
      return { is: 'wanting', feedback, failure, cost };
    }
    case 'step.skipped':
      return event.data.by === 'workflow' ? { is: 'left-out', why: event.data.why } : undefined;
    default:
      return undefined;
  }
}

function notedOutcome(event: RunEventOf<'effect.noted' | 'effect.unsent'>): StepOutcome {
  if (event.type === 'effect.unsent') return { is: 'left-out', why: '' };
  const { key, receipt, with: given } = event.data;
  if (receipt === undefined) {
    const options = Object.values(doubt);
    return { is: 'waiting', input: {}, wait: { for: 'answer', question: '', options, key } };
  }
  const input = { key, ...(given === undefined ? {} : { with: given }) };
  return { is: 'done', input, output: { receipt }, cost: noCost, sources: [] };
}

/** What came of preparing proposal `n`. Whatever is prepared for work that has gone back meanwhile is dropped. */
function preparationBehind(event: ApplicationEvent, n: number): PreparedApply {
  if (event.data.n === n) refuseAsRecorded(event);
  if (event.type !== 'apply.started') return { commit: '', head: '', branch: '', paths: [] };
  const { n: _, ...prepared } = event.data;
  return prepared;
}

/** The branch has moved; or it had moved on, and the same was prepared once more; or it could not be. */
function completionBehind(event: ApplicationEvent): void {
  refuseAsRecorded(event);
  if (event.type === 'apply.started')
    throw new AppError({ code: 'git.moved', message: 'The branch has moved.', retry: 'later' });
}

function refuseAsRecorded(event: ApplicationEvent): void {
  if (event.type === 'apply.blocked') throw new AppError(event.data.failure);
  if (event.type === 'apply.skipped')
    throw new AppError({ code: 'proposal.empty', message: event.data.why, retry: 'never' });
}
