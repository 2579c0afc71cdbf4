import { ManualClock } from '../../src/base/clock.ts';
import type { JournalRecord, RunEvent } from '../../src/contracts/journal.ts';
import type { Definition, ProposalState, RunState } from '../../src/contracts/run.ts';
import { executeRun } from '../../src/engine/execution.ts';
import type { Executed } from '../../src/engine/execution.ts';
import { RunFold } from '../../src/engine/fold.ts';
import { awaiting } from '../../src/engine/waiting.ts';
import { wakesAtMs } from '../../src/engine/wakes.ts';
import { orderOf, stopOrder } from './behaviour.ts';
import type { Bare, Behaviour } from './behaviour.ts';
import { Life, Mortality } from './mortality.ts';
import type { Crash } from './mortality.ts';
import { turns } from './turns.ts';
import { choiceOf } from './outside.ts';
import type { RunLease, RunOrder } from '../../src/contracts/runs.ts';
import { SimulatedWorkshop, newest } from './workshop.ts';
import type { Simulated } from './workflows.ts';
import { memoryRunStore } from '../../src/workspace/memory-run-store.ts';
import type { MemoryRunStore } from '../../src/workspace/memory-run-store.ts';

export const run = '20260105-simulated-ab12';

/** The operator stops the run while the `append`-th append is on its way. */
export interface Stop {
  readonly append: number;
}

/** A process that another one has passed over. */
interface Sleeper {
  readonly life: Life;
  readonly ended: Promise<void>;
  /** What is left of its nap. */
  moments: number;
}

export interface Circumstances {
  readonly stop?: Stop | undefined;
  /** Appends of others, and rounds of the operator, that a process sleeps through which was passed over. */
  readonly naps?: number;
  /** The clock is set forward or back, within processes and between them. */
  readonly jumps?: readonly Jump[];
}

/** By how much the clock is set at the `moment`-th append, or round of the operator. */
export interface Jump {
  readonly moment: number;
  readonly byMs: number;
}

/** A company in memory that outlives its processes: journal, orders, and a workshop with its branch. */
export class World {
  readonly #store: MemoryRunStore;
  readonly #clock = new ManualClock();
  readonly #behaviour: Behaviour;
  readonly #mortality: Mortality;
  readonly #stop: Stop | undefined;
  readonly #naps: number;
  readonly #jumps: readonly Jump[];
  #moments = 0;
  /** Processes that stand still, or have, while others have the run. */
  readonly #asleep: Sleeper[] = [];
  #orders = 0;
  /** How many remedies the operator has tried, by step. */
  readonly #mended = new Map<string, number>();
  /** How often the operator was asked about each step's work. */
  readonly #asked = new Map<string, number>();
  readonly workshop: SimulatedWorkshop;
  /** Processes that have lost the run. */
  deaths = 0;

  constructor(
    behaviour: Behaviour,
    crashes: readonly Crash[] = [],
    { stop, naps = 0, jumps = [] }: Circumstances = {},
  ) {
    this.#behaviour = behaviour;
    this.#stop = stop;
    this.#naps = naps;
    this.#jumps = jumps;
    this.#mortality = new Mortality(crashes);
    this.#store = memoryRunStore({ clock: this.#clock });
    this.workshop = new SimulatedWorkshop({ behaviour, clock: this.#clock, records: () => this.records() });
  }

  get appends(): number {
    return this.#mortality.appends;
  }

  /** Commits on the branch, oldest first. */
  get branch(): string[] {
    return this.workshop.branch;
  }

  /** What was done outside, by key, in order. */
  get outside(): readonly string[] {
    return this.workshop.outside;
  }

  /** Lives through a whole run, or a fork: processes come and go, and the operator answers whatever is asked. */
  async live(simulated: Simulated, takenOver: readonly RunEvent[] = []): Promise<RunState> {
    await this.start(simulated, takenOver);
    for (let rounds = 0; rounds < 200; rounds += 1) {
      // Whoever comes after a process that has lost the run is quicker than the operator.
      if ((await this.process()) === 'lost') continue;
      if (await this.#goesOn(await this.state())) continue;
      await this.endOthers();
      return this.state();
    }
    throw new Error('The run does not come to an end');
  }

  /** Does what the run waits for: a remedy, an answer, or time; whether there was anything. */
  async #goesOn(state: RunState): Promise<boolean> {
    if (state.status.is === 'failed' && (await this.#mend(state))) return true;
    if (state.status.is !== 'running' && state.status.is !== 'waiting') return false;
    if (!(await this.#answer(state))) this.#passTime(await this.records());
    this.#passMoment();
    await turns(this.#asleep.length * 3);
    return true;
  }

  #passTime(records: readonly JournalRecord[]): void {
    const { state } = new RunFold(run, records);
    const wakes = state && wakesAtMs(state);
    if (wakes !== undefined) this.#clock.advance(Math.max(0, wakes - this.#clock.now()));
  }

  /** The journal as it is on disk. */
  async records(): Promise<readonly JournalRecord[]> {
    return (await this.#store.read(run)).records;
  }

  async state(): Promise<RunState> {
    const { state } = new RunFold(run, await this.records());
    if (!state) throw new Error('The run has not started');
    return state;
  }

  /** Starts the run; nobody executes it yet. */
  async start({ workflow, workflows, plans }: Simulated, takenOver: readonly RunEvent[] = []): Promise<void> {
    this.workshop.plans = plans;
    const definition: Definition = {
      workflow,
      workflows,
      agents: [],
      policy: { rules: [], budgets: {} },
      rules: '',
      prompts: {},
    };
    await this.#store.create(run);
    const lease = await this.#store.lease(run);
    if (lease === 'held') throw new Error('The lease is held');
    const pinned = JSON.parse(JSON.stringify(definition));
    const data = {
      workflow: workflow.id,
      definition: pinned,
      definitionHash: '',
      inputs: {},
      trigger: 'manual',
      by: 'Ada',
      model: 'none',
      forked: { run, at: 1, records: takenOver.length },
    };
    await lease.journal.append([{ type: 'run.started', data }, ...takenOver]);
    await lease.release();
  }

  /** Lets time pass. */
  advance(ms: number): void {
    this.#clock.advance(ms);
  }

  /** Gives an order; as often as a double click, or a second window, does. */
  async order(order: Bare<RunOrder>, clicks = 1): Promise<void> {
    this.#orders += 1;
    for (let click = 0; click < clicks; click += 1) {
      const id = `01ARZ3NDEKTSV4RRFF${'AB'.charAt(click)}Q${String(this.#orders).padStart(6, '0')}`;
      await this.#store.order(run, { ...order, id, who: 'Ada' });
    }
  }

  /** Lets a process execute the run until it comes to rest; unless it loses it, or another one is at it. */
  async process(): Promise<'rested' | 'lost' | 'held'> {
    const fold = new RunFold(run);
    const lease = await this.#store.lease(run, (record) => fold.apply(record));
    if (lease === 'held') return 'held';
    const life = new Life();
    const ended = this.#execute(lease, fold, life)
      .then(
        () => life.expectEnd(),
        (thrown: unknown) => life.expectEnd(thrown),
      )
      .then(() => lease.release());
    await Promise.race([ended, life.passedOver]);
    if (life.isPassedOver) this.#asleep.push({ life, ended, moments: this.#naps });
    return life.isLost ? 'lost' : 'rested';
  }

  #execute({ journal }: RunLease, fold: RunFold, life: Life): Promise<Executed> {
    const onAppend = (append: number) => {
      this.#passMoment();
      if (append === this.#stop?.append) void this.#store.order(run, stopOrder);
    };
    const onLoss = () => {
      this.deaths += 1;
      this.#store.crash();
    };
    return executeRun(
      {
        clock: this.#clock,
        // What a try waits longer by chance would let other things come first after a death.
        random: { next: () => 0 },
        journal: this.#mortality.journal(journal, life, { onAppend, onLoss }),
        workshop: this.workshop.open(life),
        orders: {
          pending: () => life.act(() => this.#store.orders(run)),
          acknowledge: (id) => life.act(() => this.#store.acknowledge(run, id)),
          onChange: (listener) => this.#store.onOrder(run, listener),
        },
        sleepUntil: (atMs) => life.act(async () => this.#sleep(atMs, life)),
      },
      { fold, signal: new AbortController().signal },
    );
  }

  /** Time passes as the process that has the run sleeps; one that was passed over sleeps on until it is over. */
  async #sleep(atMs: number, life: Life): Promise<void> {
    if (!life.isPassedOver) this.#clock.advance(Math.max(0, atMs - this.#clock.now()));
    else await life.ended;
  }

  /** Sets the clock, and lets a process wake up that was passed over: it does what it was about to do. */
  #passMoment(): void {
    this.#moments += 1;
    for (const { moment, byMs } of this.#jumps) {
      // What is being recorded has its time already.
      if (moment === this.#moments) queueMicrotask(() => this.#clock.advance(byMs));
    }
    for (const sleeper of this.#asleep) {
      sleeper.moments -= 1;
      if (sleeper.moments < 0) sleeper.life.wake();
    }
  }

  /** Wakes the processes that were passed over, and lets them go on for a while. */
  async wakeOthers(): Promise<void> {
    for (const { life } of this.#asleep) life.wake();
    await turns(10);
  }

  /** Lets the processes that were passed over come to their ends. */
  async endOthers(): Promise<void> {
    if (this.#asleep.length === 0) return;
    await this.wakeOthers();
    for (const { life } of this.#asleep) life.end();
    await Promise.all(this.#asleep.map(({ ended }) => ended));
  }

  /** Orders the next remedy for the step that has failed, twice as a double click does; whether there was one. */
  async #mend({ status }: RunState): Promise<boolean> {
    const step = status.is === 'failed' ? status.step : undefined;
    if (step === undefined) return false;
    const mended = this.#mended.get(step) ?? 0;
    const remedy = this.#behaviour.remedies[step]?.[mended];
    if (remedy === undefined) return false;
    this.#mended.set(step, mended + 1);
    await this.order(orderOf(remedy, step), 2);
    return true;
  }

  /** Whether the operator has given an order. Each comes twice: by a double click, or from a second window. */
  async #answer(state: RunState): Promise<boolean> {
    const before = this.#orders;
    for (const proposal of awaiting(state)) {
      if (this.#isLeft(state, proposal)) continue;
      const { n, version, commit } = newest(proposal);
      const asked = this.#asked.get(proposal.step) ?? 0;
      const verdict = this.#behaviour.verdicts[proposal.step]?.[asked] ?? 'approve';
      this.#asked.set(proposal.step, asked + 1);
      await this.order({ kind: 'decide', n, version, commit, verdict, comment: 'so' }, 2);
    }
    for (const { id, status } of state.steps.values()) {
      if (status.is !== 'waiting' || status.for === 'decision' || status.for === 'time') continue;
      if (status.untilMs !== undefined && this.#behaviour.late[id]) continue;
      if (status.for === 'answer') {
        const choice = choiceOf(this.workshop.outside, state, id);
        await this.order({ kind: 'answer', step: id, choice }, 2);
      } else if (status.for === 'occurrence') {
        const occurrence = { kind: 'file', atMs: 0, path: 'inbox/a.md', hash: 'a' } as const;
        const attempt = state.steps.get(id)?.attempts.length ?? 0;
        await this.order({ kind: 'occur', step: id, attempt, occurrence, outside: false }, 2);
      } else await this.order({ kind: 'signal', event: status.event, text: 'It did.' }, 2);
    }
    return this.#orders > before;
  }

  /** Whether the operator lets a gate's time pass, or two of its reminders. */
  #isLeft({ gates }: RunState, { n }: ProposalState): boolean {
    return [...gates].some(([id, { proposals, untilMs, remindEveryMs, reminders }]) => {
      if (!proposals.includes(n) || !this.#behaviour.late[id]) return false;
      return untilMs !== undefined || (remindEveryMs !== undefined && reminders < 2);
    });
  }
}
