import { IndexedMap } from './indexed-map.ts';
import type { StepState, StepStatus } from '../contracts/run.ts';
import type { Step } from '../contracts/workflow.ts';

/**
 * A run's steps while records are folded: by id, by status, and those that may start.
 *
 * A change costs as much as the step has dependents, however many steps the run has, so that a run's ten
 * thousandth step costs what its first did.
 */
export class StepTable extends IndexedMap<string, StepState, StepStatus['is']> {
  readonly #steps = new Map<string, Step>();
  readonly #dependents = new Map<string, string[]>();
  /** How many of a step's needs are not met. */
  readonly #unmet = new Map<string, number>();
  readonly #readyGates = new Set<string>();
  readonly #readyWork = new Set<string>();

  constructor(steps: readonly Step[]) {
    super(({ status }) => status.is);
    for (const step of steps) this.#add(step);
    for (const { id } of steps) {
      this.set(id, {
        id,
        status: { is: 'pending' },
        attempts: [],
        sentBack: 0,
        feedback: [],
        attemptsBefore: 0,
        edits: {},
      });
    }
  }

  /** The definition of a step. */
  stepOf(id: string): Step | undefined {
    return this.#steps.get(id);
  }

  /** Gates that nothing keeps from opening, in the order in which they became so. */
  get readyGates(): ReadonlySet<string> {
    return this.#readyGates;
  }

  /** Whether every step is done, or was left out by the operator. */
  get isComplete(): boolean {
    return this.in('succeeded').size + this.in('skipped').size === this.size;
  }

  /** Other steps that nothing keeps from their first try, in the order in which they became so. */
  get readyWork(): ReadonlySet<string> {
    return this.#readyWork;
  }

  override set(id: string, state: StepState): this {
    const had = isMet(this.get(id));
    const has = isMet(state);
    super.set(id, state);
    this.#look(id);
    if (had !== has) {
      for (const dependent of this.#dependents.get(id) ?? []) this.#met(dependent, has ? 1 : -1);
    }
    return this;
  }

  #add(step: Step): void {
    this.#steps.set(step.id, step);
    this.#unmet.set(step.id, step.needs.length);
    for (const need of step.needs) {
      const dependents = this.#dependents.get(need) ?? [];
      dependents.push(step.id);
      this.#dependents.set(need, dependents);
    }
  }

  #met(id: string, needs: number): void {
    this.#unmet.set(id, (this.#unmet.get(id) ?? 0) - needs);
    this.#look(id);
  }

  #look(id: string): void {
    const ready = this.#steps.get(id)?.kind === 'gate' ? this.#readyGates : this.#readyWork;
    if (this.get(id)?.status.is === 'pending' && this.#unmet.get(id) === 0) ready.add(id);
    else ready.delete(id);
  }
}

/** Whether the steps that need this one may start. */
export function isMet(step: StepState | undefined): boolean {
  return step?.status.is === 'succeeded' || step?.status.is === 'skipped';
}
