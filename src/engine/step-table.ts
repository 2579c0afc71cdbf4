import { IndexedMap } from './indexed-map.ts';
import type { KeptIndex } from './indexed-map.ts';
import type { Attempt, StepState, StepStatus } from '../contracts/run.ts';
import type { Step } from '../contracts/workflow.ts';

/** A table but for the states of its steps: all that it knows beside them. */
export interface KeptTable extends KeptIndex<string, StepStatus['is']> {
  readonly dependents: Entries<readonly string[]>;
  readonly unmet: Entries<number>;
  readonly ready: Entries<readonly string[], Ready>;
  readonly parts: Entries<readonly string[]>;
  readonly former: Entries<readonly Attempt[]>;
}

type Entries<V, K = string> = readonly (readonly [K, V])[];
type Ready = 'gates' | 'work' | 'expanded';

/**
 * A run's steps while records are folded: by id, by status, and those that may start.
 *
 * A change costs as much as the step has dependents, however many steps the run has, so that a run's ten
 * thousandth step costs what its first did.
 */
export class StepTable extends IndexedMap<string, StepState, StepStatus['is']> {
  readonly #dependents = new Map<string, Set<string>>();
  /** How many of a step's needs are not met. */
  readonly #unmet = new Map<string, number>();
  readonly #ready: Readonly<Record<Ready, Set<string>>> = {
    gates: new Set(),
    work: new Set(),
    expanded: new Set(),
  };
  /** Ids of the steps that carry out an expanded one. */
  readonly #parts = new Map<string, readonly string[]>();
  /** Attempts of steps that went away with the parts they belonged to. Should they come back, these go on counting. */
  readonly #former = new Map<string, readonly Attempt[]>();

  constructor(steps: readonly Step[]) {
    super(({ status }) => status.is);
    for (const step of steps) this.#add(step);
  }

  /** The table that was kept; `texts` are those of its steps. */
  static restored(kept: KeptTable, texts: readonly (() => string)[]): StepTable {
    const table = new StepTable([]);
    table.restore(kept, texts);
    for (const [id, dependents] of kept.dependents) table.#dependents.set(id, new Set(dependents));
    for (const [id, unmet] of kept.unmet) table.#unmet.set(id, unmet);
    for (const [kind, ids] of kept.ready) for (const id of ids) table.#ready[kind].add(id);
    for (const [id, parts] of kept.parts) table.#parts.set(id, parts);
    for (const [id, attempts] of kept.former) table.#former.set(id, attempts);
    return table;
  }

  override index(): KeptTable {
    return {
      ...super.index(),
      dependents: [...this.#dependents].map(([id, dependents]) => [id, [...dependents]]),
      unmet: [...this.#unmet],
      ready: (['gates', 'work', 'expanded'] as const).map((kind) => [kind, [...this.#ready[kind]]]),
      parts: [...this.#parts],
      former: [...this.#former],
    };
  }

  /** Gates that nothing keeps from opening, in the order in which they became so. */
  get readyGates(): ReadonlySet<string> {
    return this.#ready.gates;
  }

  /** Other steps that nothing keeps from their first try, in the order in which they became so. */
  get readyWork(): ReadonlySet<string> {
    return this.#ready.work;
  }

  /** Expanded steps whose own steps are all done. */
  get carriedOut(): ReadonlySet<string> {
    return this.#ready.expanded;
  }

  /** Whether every step is done, or was left out by the operator. */
  get isComplete(): boolean {
    return this.in('succeeded').size + this.in('skipped').size === this.size;
  }

  /** Ids of the steps that carry out an expanded one. */
  partsOf(id: string): readonly string[] {
    return this.#parts.get(id) ?? [];
  }

  override set(id: string, state: StepState): this {
    const had = isMet(this.get(id));
    const has = isMet(state);
    super.set(id, state);
    this.#look(id);
    if (had !== has) for (const dependent of this.#dependents.get(id) ?? []) this.#met(dependent, has);
    return this;
  }

  /** Lets `steps` carry out the step `id`: it needs them from now on. */
  expand(id: string, steps: readonly Step[]): void {
    this.collapse(id);
    const at = this.get(id);
    if (!at) return;
    for (const step of steps) this.#add(step);
    const added = steps.map((step) => step.id);
    this.#parts.set(id, added);
    super.set(id, { ...at, step: { ...at.step, needs: [...at.step.needs, ...added] } });
    this.#count(id);
    this.#look(id);
  }

  /** Takes away what carried out the step `id`, however deep; answers what that was. */
  collapse(id: string): readonly StepState[] {
    const at = this.get(id);
    const parts = new Set(this.partsOf(id));
    if (!at || parts.size === 0) return [];
    this.#parts.delete(id);
    const own = at.step.needs.filter((need) => !parts.has(need));
    for (const part of parts) this.#dependents.get(part)?.delete(id);
    super.set(id, { ...at, step: { ...at.step, needs: own } });
    this.#count(id);
    this.#look(id);
    return [...parts].flatMap((part) => [...this.collapse(part), ...this.#remove(part)]);
  }

  #add(step: Step): void {
    const attempts = this.#former.get(step.id) ?? [];
    const began: StepState = {
      id: step.id,
      step,
      status: { is: 'pending' },
      attempts,
      sentBack: 0,
      feedback: [],
      attemptsBefore: attempts.length,
      parts: [],
      edits: {},
    };
    super.set(step.id, began);
    this.#count(step.id);
    this.#look(step.id);
  }

  #remove(id: string): StepState[] {
    const at = this.get(id);
    if (!at) return [];
    this.#former.set(id, at.attempts);
    for (const need of at.step.needs) this.#dependents.get(need)?.delete(id);
    super.delete(id);
    this.#unmet.delete(id);
    for (const ready of Object.values(this.#ready)) ready.delete(id);
    return [at];
  }

  /** Notes what the step needs, and how much of that is not met. */
  #count(id: string): void {
    const needs = this.get(id)?.step.needs ?? [];
    for (const need of needs) {
      const dependents = this.#dependents.get(need) ?? new Set();
      this.#dependents.set(need, dependents.add(id));
    }
    this.#unmet.set(id, needs.filter((need) => !isMet(this.get(need))).length);
  }

  #met(id: string, has: boolean): void {
    this.#unmet.set(id, (this.#unmet.get(id) ?? 0) + (has ? -1 : 1));
    this.#look(id);
  }

  #look(id: string): void {
    const at = this.get(id);
    if (!at) return;
    const isFree = this.#unmet.get(id) === 0;
    const isGate = at.step.kind === 'gate';
    note(this.#ready.gates, id, isFree && isGate && at.status.is === 'pending');
    note(this.#ready.work, id, isFree && !isGate && at.status.is === 'pending');
    note(this.#ready.expanded, id, isFree && at.status.is === 'expanded');
  }
}

/** Whether the steps that need this one may start. */
export function isMet(step: StepState | undefined): boolean {
  return step?.status.is === 'succeeded' || step?.status.is === 'skipped';
}

function note(set: Set<string>, id: string, belongs: boolean): void {
  if (belongs) set.add(id);
  else set.delete(id);
}
