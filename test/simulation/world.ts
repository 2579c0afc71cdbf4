import { Hurdles, policyOf } from './hurdles.ts';
import { ManualClock } from '../../src/base/clock.ts';
import { AppError } from '../../src/base/failure.ts';
import { limits } from '../../src/base/limits.ts';
import { seededRandom } from '../../src/base/random.ts';
import type { Journal, JournalRecord, RunEvent } from '../../src/contracts/journal.ts';
import { noCost } from '../../src/contracts/proposal.ts';
import type { ProposalVersion } from '../../src/contracts/proposal.ts';
import type { PreparedApply } from '../../src/contracts/repository.ts';
import type { Definition, ProposalState, RunState } from '../../src/contracts/run.ts';
import { proposes } from '../../src/contracts/workflow.ts';
import type { Step } from '../../src/contracts/workflow.ts';
import { executeRun } from '../../src/engine/execution.ts';
import { RunFold } from '../../src/engine/fold.ts';
import type { StepOutcome, StepTask, Workshop } from '../../src/engine/ports.ts';
import { awaiting } from '../../src/engine/waiting.ts';
import { wakesAtMs } from '../../src/engine/wakes.ts';
import { orderOf, stopOrder } from './behaviour.ts';
import { choiceOf, deliver } from './outside.ts';
import type { Bare, Behaviour } from './behaviour.ts';
import type { RunOrder } from '../../src/contracts/runs.ts';
import { mapItems, waitingFor } from './workflows.ts';
import type { Simulated } from './workflows.ts';
import { memoryRunStore } from '../../src/workspace/memory-run-store.ts';
import type { MemoryRunStore } from '../../src/workspace/memory-run-store.ts';

export const run = '20260105-simulated-ab12';

/** When the process dies: at the `append`-th append of its history, before or after it is on disk. */
export interface Crash {
  readonly append: number;
  readonly lost: boolean;
}

/** The operator stops the run while the `append`-th append is on its way. */
export interface Stop {
  readonly append: number;
}

/** A process, as long as it lives. */
interface Life {
  isOver: boolean;
}

/** A process died on purpose. */
class Killed extends Error {}

/**
 * A company in memory that outlives its processes: journal, orders, and a branch on which applying the same
 * proposal twice would show.
 */
export class World {
  readonly #store: MemoryRunStore;
  readonly #clock = new ManualClock();
  readonly #behaviour: Behaviour;
  readonly #crashes: Set<string>;
  readonly #stop: Stop | undefined;
  readonly #hurdles: Hurdles;
  #appends = 0;
  #orders = 0;
  /** How many remedies the operator has tried, by step. */
  readonly #mended = new Map<string, number>();
  /** How often the operator was asked about each step's work. */
  readonly #asked = new Map<string, number>();
  /** Commits on the branch, oldest first. */
  readonly branch: string[] = [];
  /** What was done outside, by key, in order. */
  readonly outside: string[] = [];
  deaths = 0;
  #plans: Simulated['plans'] = {};

  constructor(behaviour: Behaviour, crashes: readonly Crash[] = [], stop?: Stop) {
    this.#behaviour = behaviour;
    this.#hurdles = new Hurdles(behaviour);
    this.#stop = stop;
    this.#crashes = new Set(crashes.map(({ append, lost }) => `${append}:${lost}`));
    this.#store = memoryRunStore({ clock: this.#clock });
  }

  get appends(): number {
    return this.#appends;
  }

  /** Lives through a whole run, or a fork: processes come and go, and the operator answers whatever is asked. */
  async live(simulated: Simulated, takenOver: readonly RunEvent[] = []): Promise<RunState> {
    this.#plans = simulated.plans;
    await this.#start(simulated, takenOver);
    for (let turns = 0; turns < 200; turns += 1) {
      // Whoever comes after a dead process is quicker than the operator.
      if (!(await this.#process())) continue;
      const state = await this.state();
      if (state.status.is === 'failed' && (await this.#mend(state))) continue;
      if (state.status.is !== 'running' && state.status.is !== 'waiting') return state;
      if (await this.#answer(state)) continue;
      const { state: folding } = new RunFold(run, await this.records());
      const wakes = folding && wakesAtMs(folding);
      if (wakes !== undefined) this.#clock.advance(Math.max(0, wakes - this.#clock.now()));
    }
    throw new Error('The run does not come to an end');
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

  async #start({ workflow, workflows }: Simulated, takenOver: readonly RunEvent[]): Promise<void> {
    const definition: Definition = {
      workflow,
      workflows,
      agents: [],
      policy: { rules: [], budgets: {} },
      rules: '',
      prompts: {},
    };
    await this.#store.create(run);
    const lease = await this.#lease();
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

  async #lease(fold?: RunFold) {
    const lease = await this.#store.lease(run, (record) => fold?.apply(record));
    if (lease === 'held') throw new Error('The lease is held');
    return lease;
  }

  /** Whether the process came to rest; otherwise it died. */
  async #process(): Promise<boolean> {
    const fold = new RunFold(run);
    const lease = await this.#lease(fold);
    const life: Life = { isOver: false };
    try {
      await executeRun(
        {
          clock: this.#clock,
          random: seededRandom(1),
          journal: this.#mortal(lease.journal, life),
          workshop: this.#workshop(life),
          orders: {
            pending: () => this.#store.orders(run),
            acknowledge: (id) => this.#store.acknowledge(run, id),
            onChange: (listener) => this.#store.onOrder(run, listener),
          },
          sleepUntil: async (atMs) => this.#clock.advance(Math.max(0, atMs - this.#clock.now())),
        },
        { fold, signal: new AbortController().signal },
      );
    } catch (thrown) {
      if (!(thrown instanceof Killed)) throw thrown;
      this.deaths += 1;
      this.#store.crash();
      return false;
    }
    await lease.release();
    return true;
  }

  /**
   * The journal of a process that dies where the history says so, and then writes nothing more. What is on its way
   * to disk when it dies is lost with it.
   */
  #mortal(journal: Journal, life: Life): Pick<Journal, 'enqueue'> {
    let flushed: Promise<void> = Promise.resolve();
    const die = (): never => {
      // One dies once: by now another process may have the run.
      if (!life.isOver) this.#store.crash();
      life.isOver = true;
      throw new Killed();
    };
    return {
      enqueue: (events) => {
        if (life.isOver) throw new Killed();
        this.#appends += 1;
        const append = this.#appends;
        if (append === this.#stop?.append) void this.#store.order(run, stopOrder);
        if (this.#dies({ append, lost: true })) die();
        const { records, onDisk } = journal.enqueue(events);
        const dies = this.#dies({ append, lost: false });
        // A disk takes its time, so that other things come in between; what is enqueued later is not on it earlier.
        flushed = Promise.all([onDisk, flushed, turns(append % 3)]).then(
          () => (life.isOver || dies ? die() : undefined),
          (thrown: unknown) => {
            throw life.isOver ? new Killed() : thrown;
          },
        );
        return { records, onDisk: flushed };
      },
    };
  }

  #dies({ append, lost }: Crash): boolean {
    return this.#crashes.delete(`${append}:${lost}`);
  }

  /** Orders the next remedy for the step that has failed, twice as a double click does; whether there was one. */
  async #mend({ status }: RunState): Promise<boolean> {
    const step = status.is === 'failed' ? status.step : undefined;
    if (step === undefined) return false;
    const mended = this.#mended.get(step) ?? 0;
    const remedy = this.#behaviour.remedies[step]?.[mended];
    if (remedy === undefined) return false;
    this.#mended.set(step, mended + 1);
    await this.#orderTwice(orderOf(remedy, step));
    return true;
  }

  /** Whether the operator has given an order. Each comes twice: by a double click, or from a second window. */
  async #answer(state: RunState): Promise<boolean> {
    const before = this.#orders;
    for (const proposal of awaiting(state)) {
      if (this.#isLeftToExpire(state, proposal)) continue;
      const { n, version, commit } = newest(proposal);
      const asked = this.#asked.get(proposal.step) ?? 0;
      const verdict = this.#behaviour.verdicts[proposal.step]?.[asked] ?? 'approve';
      this.#asked.set(proposal.step, asked + 1);
      await this.#orderTwice({ kind: 'decide', n, version, commit, verdict, comment: 'so' });
    }
    for (const { id, status } of state.steps.values()) {
      if (status.is !== 'waiting' || status.for === 'decision' || status.for === 'time') continue;
      if (status.untilMs !== undefined && this.#behaviour.late[id]) continue;
      if (status.for === 'answer')
        await this.#orderTwice({ kind: 'answer', step: id, choice: choiceOf(this.outside, state, id) });
      else await this.#orderTwice({ kind: 'signal', event: status.event, text: 'It did.' });
    }
    return this.#orders > before;
  }

  #isLeftToExpire({ gates }: RunState, { n }: ProposalState): boolean {
    return [...gates].some(
      ([id, gate]) => gate.proposals.includes(n) && gate.untilMs !== undefined && this.#behaviour.late[id],
    );
  }

  async #orderTwice(order: Bare<RunOrder>): Promise<void> {
    this.#orders += 1;
    for (const click of ['A', 'B']) {
      const id = `01ARZ3NDEKTSV4RRFF${click}Q${String(this.#orders).padStart(6, '0')}`;
      await this.#store.order(run, { ...order, id, who: 'Ada' });
    }
  }

  #workshop(life: Life): Workshop {
    /** Attempts that this process is making. */
    let making = 0;
    const ofMap = new Map<string, number>();
    return {
      perform: async (task) => {
        const { key } = task.attempt;
        const begun = await this.#expectOnDisk(
          (event) => event.type === 'step.started' && event.data.key === key,
        );
        if (begun > 1) throw new Error(`The key ${key} names two attempts`);
        making += 1;
        if (making > limits.stepsInParallel) throw new Error('Too many attempts at once');
        count(ofMap, task, 1);
        await turns(1);
        count(ofMap, task, -1);
        making -= 1;
        if (life.isOver) throw new Killed();
        if (task.step.kind === 'deliver') return deliver(this.outside, task, task.step.operation);
        return this.#perform(task);
      },
      askPolicy: policyOf(this.#behaviour),
      prepareApply: async (_state, proposal) => this.#prepare(proposal),
      completeApply: async ({ commit }) => {
        await this.#expectOnDisk((event) => event.type === 'apply.started' && event.data.commit === commit);
        if (this.branch.includes(commit)) throw new Error(`${commit} was applied twice`);
        this.#hurdles.beforeMove(commit);
        this.branch.push(commit);
        this.#hurdles.afterMove(commit);
      },
      recoverApply: async ({ commit }) => this.branch.includes(commit),
    };
  }

  /** An intent is on disk before what it permits is done (promise P2). */
  async #expectOnDisk(isIntent: (event: RunEvent) => boolean): Promise<number> {
    const intents = (await this.records()).filter(({ event }) => isIntent(event));
    if (intents.length === 0) throw new Error('Done before its intent was on disk');
    return intents.length;
  }

  #prepare(proposal: ProposalState): PreparedApply {
    const { n, version } = newest(proposal);
    const commit = `${n}.${version}`;
    if (this.branch.includes(commit))
      throw new AppError({ code: 'proposal.empty', message: 'twice', retry: 'never' });
    this.#hurdles.prepare(commit);
    return { commit, head: String(this.branch.length), branch: 'refs/heads/main', paths: [] };
  }

  /** What carries a step out that is carried out by others. */
  #expand(step: Step): StepOutcome | undefined {
    const parts = [{ id: step.id }];
    if (step.kind === 'workflow') return { is: 'expanded', input: {}, parts };
    if (step.kind === 'effect') return { is: 'expanded', input: {}, parts };
    if (step.kind === 'plan')
      return { is: 'expanded', input: {}, parts, steps: this.#plans[step.plan] ?? [] };
    if (step.kind !== 'map') return undefined;
    const items = Array.from({ length: mapItems }, (_, i) => ({ id: `${step.id}.${i + 1}`, item: i }));
    return { is: 'expanded', input: {}, parts: items };
  }

  #perform({ state, step, attempt }: StepTask): StepOutcome {
    if (this.#behaviour.leftOut[step.id]) return { is: 'left-out', why: 'It does not hold.' };
    const at = state.steps.get(step.id);
    const tries = attempt.number - (at?.attemptsBefore ?? 0);
    // Another input is what it takes.
    const isMended = Object.keys(at?.edits ?? {}).length > 0;
    if (!isMended && tries <= (this.#behaviour.failures[step.id] ?? 0)) {
      return {
        is: 'failed',
        failure: { code: 'model.unavailable', message: 'down', retry: 'later' },
        cost: noCost,
      };
    }
    const expanded = this.#expand(step);
    if (expanded) return expanded;
    if (step.kind === 'wait') {
      return { is: 'waiting', input: {}, wait: waitingFor(step.for, this.#clock.now()) };
    }
    const sentBack = state.steps.get(step.id)?.sentBack ?? 0;
    if (step.kind === 'check' && sentBack < (this.#behaviour.wanting[step.id] ?? 0)) {
      const failure = { code: 'check.failed', message: 'wanting', retry: 'operator' } as const;
      return {
        is: 'wanting',
        feedback: { from: 'check', text: 'wanting', findings: [] },
        failure,
        cost: noCost,
      };
    }
    const proposal = attempt.slot && proposes(step) ? { proposal: versionOf(step, attempt.slot) } : {};
    return {
      is: 'done',
      input: {},
      output: { by: step.id },
      cost: { ...noCost, usd: 0.01 },
      sources: [],
      ...proposal,
    };
  }
}

/** Counts the attempts of a map's steps that are being made. */
function count(ofMap: Map<string, number>, { state, step }: StepTask, by: 1 | -1): void {
  const parent = state.steps.get(step.within?.step ?? '')?.step;
  if (parent?.kind !== 'map') return;
  const making = (ofMap.get(parent.id) ?? 0) + by;
  ofMap.set(parent.id, making);
  if (making > parent.atOnce) throw new Error(`Too many attempts at once of ${parent.id}`);
}

/** Lets so many turns of the event loop pass. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

function newest(proposal: ProposalState): ProposalVersion {
  const version = proposal.versions.at(-1);
  if (!version) throw new Error('A proposal without a version');
  return version;
}

function versionOf(step: Step, { n, version }: { n: number; version: number }): ProposalVersion {
  return {
    n,
    version,
    commit: `${n.toString(16).padStart(20, '0')}${version.toString(16).padStart(20, '0')}`,
    base: '0'.repeat(40),
    agent: step.id,
    model: 'none',
    intent: step.id,
    unlocks: '',
    risk: { level: 'low', reasons: [] },
    confidence: { value: 0.5, parts: { checks: null, grounding: null, judgement: null, history: null } },
    cost: noCost,
    files: [],
    sources: [],
    tainted: false,
  };
}
