import { AppError } from '../../src/base/failure.ts';
import type { FailureCode } from '../../src/base/failure.ts';
import type { PolicyVerdict } from '../../src/contracts/policy.ts';
import type { Workshop } from '../../src/engine/ports.ts';

/** What stands in the way of proposals. */
export interface HurdlesOfHistory {
  /** Whether each application fails once after the branch has moved: a full disk, a locked file. */
  readonly stumbles: boolean;
  /** Whether each application is impossible at first: the operator has unsaved edits. */
  readonly conflicts?: boolean;
  /** Whether the branch moves under each application once: the operator commits meanwhile. */
  readonly moves?: boolean;
  /** What policy says of a step's work; it asks where nothing is said. */
  readonly policy?: Readonly<Record<string, PolicyVerdict['then']>>;
}

/** Lets each application fail once at each hurdle. */
export class Hurdles {
  readonly #hurdles: HurdlesOfHistory;
  readonly #fallen = new Set<string>();

  constructor(hurdles: HurdlesOfHistory) {
    this.#hurdles = hurdles;
  }

  prepare(commit: string): void {
    if (this.#hurdles.conflicts) this.#fall(commit, 'apply.edited');
  }

  beforeMove(commit: string): void {
    if (this.#hurdles.moves) this.#fall(commit, 'git.moved');
  }

  afterMove(commit: string): void {
    if (this.#hurdles.stumbles) this.#fall(commit, 'file.failed');
  }

  #fall(commit: string, code: FailureCode): void {
    if (this.#fallen.has(`${code}/${commit}`)) return;
    this.#fallen.add(`${code}/${commit}`);
    throw new AppError({ code, message: code, retry: 'operator' });
  }
}

/** A policy that says the same whenever it is asked. */
export function policyOf({ policy = {} }: HurdlesOfHistory): Workshop['askPolicy'] {
  return (_state, { step }) => ({ then: policy[step] ?? 'ask', why: 'So it is written.' });
}
