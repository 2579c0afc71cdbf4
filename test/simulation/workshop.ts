import type { ManualClock } from '../../src/base/clock.ts';
import { AppError } from '../../src/base/failure.ts';
import { limits } from '../../src/base/limits.ts';
import type { JournalRecord, RunEvent } from '../../src/contracts/journal.ts';
import { noCost } from '../../src/contracts/proposal.ts';
import type { ProposalVersion } from '../../src/contracts/proposal.ts';
import type { PreparedApply } from '../../src/contracts/repository.ts';
import type { ProposalState } from '../../src/contracts/run.ts';
import { proposes } from '../../src/contracts/workflow.ts';
import type { Step } from '../../src/contracts/workflow.ts';
import type { StepOutcome, StepTask, Workshop } from '../../src/engine/ports.ts';
import type { Behaviour } from './behaviour.ts';
import { Hurdles, policyOf } from './hurdles.ts';
import type { Life } from './mortality.ts';
import { deliver } from './outside.ts';
import { turns } from './turns.ts';
import { mapItems, waitingFor } from './workflows.ts';
import type { Simulated } from './workflows.ts';

export interface Surroundings {
  readonly behaviour: Behaviour;
  readonly clock: ManualClock;
  /** The journal as it is on disk. */
  readonly records: () => Promise<readonly JournalRecord[]>;
}

/** What steps do, and a branch on which applying the same proposal twice would show. Outlives its processes. */
export class SimulatedWorkshop {
  readonly #behaviour: Behaviour;
  readonly #clock: ManualClock;
  readonly #records: Surroundings['records'];
  readonly #hurdles: Hurdles;
  /** Commits on the branch, oldest first. */
  readonly branch: string[] = [];
  /** What was done outside, by key, in order. */
  readonly outside: string[] = [];
  /** What was performed, in order. */
  readonly performed: StepTask[] = [];
  plans: Simulated['plans'] = {};

  constructor({ behaviour, clock, records }: Surroundings) {
    this.#behaviour = behaviour;
    this.#hurdles = new Hurdles(behaviour);
    this.#clock = clock;
    this.#records = records;
  }

  /** As one process uses it. */
  open(life: Life): Workshop {
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
        await life.act(() => turns(1));
        count(ofMap, task, -1);
        making -= 1;
        return life.act(async () => {
          this.performed.push(task);
          if (task.step.kind === 'deliver') return deliver(this.outside, task, task.step.operation);
          return this.#perform(task);
        });
      },
      askPolicy: policyOf(this.#behaviour),
      prepareApply: (_state, proposal) => life.act(async () => this.#prepare(proposal)),
      completeApply: (prepared) => life.act(() => this.#complete(prepared)),
      recoverApply: ({ commit }) => life.act(async () => this.branch.includes(commit)),
    };
  }

  /** The branch moves by compare-and-swap, whoever moves it. */
  async #complete({ commit, head }: PreparedApply): Promise<void> {
    await this.#expectOnDisk((event) => event.type === 'apply.started' && event.data.commit === commit);
    if (head !== String(this.branch.length)) throw moved();
    if (this.branch.includes(commit)) throw new Error(`${commit} was applied twice`);
    this.#hurdles.beforeMove(commit);
    this.branch.push(commit);
    this.#hurdles.afterMove(commit);
  }

  /** An intent is on disk before what it permits is done (promise P2). */
  async #expectOnDisk(isIntent: (event: RunEvent) => boolean): Promise<number> {
    const intents = (await this.#records()).filter(({ event }) => isIntent(event));
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
    if (step.kind === 'plan') return { is: 'expanded', input: {}, parts, steps: this.plans[step.plan] ?? [] };
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
    const tainted = this.#behaviour.tainted?.[step.id] ?? false;
    const slot = proposes(step) ? attempt.slot : undefined;
    const proposal = slot ? { proposal: { ...versionOf(step, slot), tainted } } : {};
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

function moved(): AppError {
  return new AppError({ code: 'git.moved', message: 'The branch has moved.', retry: 'later' });
}

/** Counts the attempts of a map's steps that are being made. */
function count(ofMap: Map<string, number>, { state, step }: StepTask, by: 1 | -1): void {
  const parent = state.steps.get(step.within?.step ?? '')?.step;
  if (parent?.kind !== 'map') return;
  const making = (ofMap.get(parent.id) ?? 0) + by;
  ofMap.set(parent.id, making);
  if (making > parent.atOnce) throw new Error(`Too many attempts at once of ${parent.id}`);
}

export function newest(proposal: ProposalState): ProposalVersion {
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
    // What an effect sends is a file.
    files: step.kind === 'compose' ? [outboxFile(step.id)] : [],
    sources: [],
    tainted: false,
  };
}

function outboxFile(step: string): ProposalVersion['files'][number] {
  return { path: `${step}.md`, kind: 'added', added: 1, removed: 0, binary: false };
}
