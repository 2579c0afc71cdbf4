import { Hurdles, policyOf } from './hurdles.ts';
import type { HurdlesOfHistory } from './hurdles.ts';
import { ManualClock } from '../../src/base/clock.ts';
import { AppError } from '../../src/base/failure.ts';
import { limits } from '../../src/base/limits.ts';
import { seededRandom } from '../../src/base/random.ts';
import type { Journal, JournalRecord, RunEvent } from '../../src/contracts/journal.ts';
import { noCost } from '../../src/contracts/proposal.ts';
import type { ProposalVersion, Verdict } from '../../src/contracts/proposal.ts';
import type { PreparedApply } from '../../src/contracts/repository.ts';
import type { Definition, ProposalState, RunState } from '../../src/contracts/run.ts';
import { proposes } from '../../src/contracts/workflow.ts';
import type { Step, Workflow } from '../../src/contracts/workflow.ts';
import type { RunOrder } from '../../src/contracts/runs.ts';
import { executeRun } from '../../src/engine/execution.ts';
import { RunFold } from '../../src/engine/fold.ts';
import type { StepOutcome, StepTask, Workshop } from '../../src/engine/ports.ts';
import { awaiting } from '../../src/engine/waiting.ts';
import { memoryRunStore } from '../../src/workspace/memory-run-store.ts';
import type { MemoryRunStore } from '../../src/workspace/memory-run-store.ts';

export const run = '20260105-simulated-ab12';

/** How the steps and the operator of a history behave; the same behaviour gives the same end. */
export interface Behaviour extends HurdlesOfHistory {
  /** Tries of a step that fail before one succeeds, by step. */
  readonly failures: Readonly<Record<string, number>>;
  /** How often a check finds the work wanting, by check. */
  readonly wanting: Readonly<Record<string, number>>;
  /** What the operator says to the versions of a step's proposal, in order; approval after that. */
  readonly verdicts: Readonly<Record<string, readonly Verdict[]>>;
  /** Steps whose condition does not hold. */
  readonly leftOut: Readonly<Record<string, boolean>>;
  /** What the operator does about a run that has failed at a step, in order; they leave it at that afterwards. */
  readonly remedies: Readonly<Record<string, readonly Remedy[]>>;
}

/** A step that has failed is tried again, with another input, or left out. */
export type Remedy = 'retry' | 'edit' | 'skip';

/** When the process dies: at the `append`-th append of its history, before or after it is on disk. */
export interface Crash {
  readonly append: number;
  readonly lost: boolean;
}

/** The operator stops the run while the `append`-th append is on its way. */
export interface Stop {
  readonly append: number;
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
  deaths = 0;

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
  async live(workflow: Workflow, takenOver: readonly RunEvent[] = []): Promise<RunState> {
    await this.#start(workflow, takenOver);
    for (let turns = 0; turns < 200; turns += 1) {
      // Whoever comes after a dead process is quicker than the operator.
      if (!(await this.#process())) continue;
      const state = await this.state();
      if (state.status.is === 'failed' && (await this.#mend(state))) continue;
      if (state.status.is !== 'running' && state.status.is !== 'waiting') return state;
      await this.#answer(state);
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

  async #start(workflow: Workflow, takenOver: readonly RunEvent[]): Promise<void> {
    const definition: Definition = {
      workflow,
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
    try {
      await executeRun(
        {
          clock: this.#clock,
          random: seededRandom(1),
          journal: this.#mortal(lease.journal),
          workshop: this.#workshop(),
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
  #mortal(journal: Journal): Pick<Journal, 'enqueue'> {
    let dead = false;
    let flushed: Promise<void> = Promise.resolve();
    const die = (): never => {
      // One dies once: by now another process may have the run.
      if (!dead) this.#store.crash();
      dead = true;
      throw new Killed();
    };
    return {
      enqueue: (events) => {
        if (dead) throw new Killed();
        this.#appends += 1;
        const append = this.#appends;
        if (append === this.#stop?.append) void this.#store.order(run, stopOrder);
        if (this.#dies({ append, lost: true })) die();
        const { records, onDisk } = journal.enqueue(events);
        const dies = this.#dies({ append, lost: false });
        // A disk takes its time, so that other things come in between; what is enqueued later is not on it earlier.
        flushed = Promise.all([onDisk, flushed, turns(append % 3)]).then(
          () => (dead || dies ? die() : undefined),
          (thrown: unknown) => {
            throw dead ? new Killed() : thrown;
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
    for (const click of ['A', 'B']) {
      this.#orders += 1;
      const id = `01ARZ3NDEKTSV4RRFF${click}Q${String(this.#orders).padStart(6, '0')}`;
      await this.#store.order(run, orderOf(remedy, { id, step, who: 'Ada' }));
    }
    return true;
  }

  async #answer(state: RunState): Promise<void> {
    for (const proposal of awaiting(state)) {
      const { n, version, commit } = newest(proposal);
      const asked = this.#asked.get(proposal.step) ?? 0;
      const verdict = this.#behaviour.verdicts[proposal.step]?.[asked] ?? 'approve';
      this.#asked.set(proposal.step, asked + 1);
      this.#orders += 1;
      const id = `01ARZ3NDEKTSV4RRFFQ6${String(this.#orders).padStart(6, '0')}`;
      await this.#store.order(run, {
        kind: 'decide',
        id,
        n,
        version,
        commit,
        verdict,
        who: 'Ada',
        comment: 'so',
      });
      // A double click, or a second window: the same decision once more.
      await this.#store.order(run, {
        kind: 'decide',
        id: `${id.slice(0, -7)}Z${id.slice(-6)}`,
        n,
        version,
        commit,
        verdict,
        who: 'Ada',
      });
    }
  }

  #workshop(): Workshop {
    /** Attempts that this process is making. */
    let making = 0;
    return {
      perform: async (task) => {
        const { key } = task.attempt;
        await this.#expectOnDisk((event) => event.type === 'step.started' && event.data.key === key);
        making += 1;
        if (making > limits.stepsInParallel) throw new Error('Too many attempts at once');
        await turns(1);
        making -= 1;
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
  async #expectOnDisk(isIntent: (event: RunEvent) => boolean): Promise<void> {
    const records = await this.records();
    if (!records.some(({ event }) => isIntent(event))) throw new Error('Done before its intent was on disk');
  }

  #prepare(proposal: ProposalState): PreparedApply {
    const { n, version } = newest(proposal);
    const commit = `${n}.${version}`;
    if (this.branch.includes(commit))
      throw new AppError({ code: 'proposal.empty', message: 'twice', retry: 'never' });
    this.#hurdles.prepare(commit);
    return { commit, head: String(this.branch.length), branch: 'refs/heads/main', paths: [] };
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

function orderOf(remedy: Remedy, at: { id: string; step: string; who: string }): RunOrder {
  if (remedy === 'skip') return { kind: 'skip', ...at, why: 'It can wait.' };
  return { kind: 'retry', ...at, ...(remedy === 'edit' ? { with: { objective: 'Another one' } } : {}) };
}

/** Lets so many turns of the event loop pass. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

const stopOrder = { kind: 'stop', id: '01ARZ3NDEKTSV4RRFFQ69G5FAV', who: 'Ada' } as const;

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

/** Proposals that the journal calls applied, as the branch names them. */
export function appliedIn(state: RunState): string[] {
  return [...state.proposals.values()].flatMap(({ n, status, versions }) => {
    if (status.is !== 'applied') return [];
    const version = versions.find(({ commit }) => commit === status.decision.commit)?.version;
    return [`${n}.${version}`];
  });
}

/**
 * What must be the same however often the process died. Numbers and versions follow the order in which parallel
 * steps happened to end, so proposals are named by their step.
 */
export function outcomeOf(state: RunState, branch: readonly string[]): unknown {
  const applied = [...state.proposals.values()].filter(({ n }) =>
    branch.some((commit) => commit.startsWith(`${n}.`)),
  );
  return {
    status: state.status.is,
    steps: [...state.steps.values()].map(({ id, status, sentBack, edits }) => {
      return { id, status: status.is, sentBack, edits };
    }),
    proposals: [...state.proposals.values()].map(({ step, status }) => `${step}: ${status.is}`).toSorted(),
    applied: applied.map(({ step }) => step).toSorted(),
  };
}
