import type { HurdlesOfHistory } from './hurdles.ts';
import type { Verdict } from '../../src/contracts/proposal.ts';
import type { RunOrder } from '../../src/contracts/runs.ts';

/** How the steps and the operator of a history behave; the same behaviour gives the same end. */
export interface Behaviour extends HurdlesOfHistory {
  /** Tries of a step that fail before one succeeds, by step. */
  readonly failures: Readonly<Record<string, number>>;
  /** How often a check finds the work wanting, by check. */
  readonly wanting: Readonly<Record<string, number>>;
  /** What the operator says to the versions of a step's proposal, in order; approval after that. */
  readonly verdicts: Readonly<Record<string, readonly Verdict[]>>;
  /** Whether the operator lets the time of a gate or a wait pass, by step. */
  readonly late: Readonly<Record<string, boolean>>;
  /** Steps whose condition does not hold. */
  readonly leftOut: Readonly<Record<string, boolean>>;
  /** What the operator does about a run that has failed at a step, in order; they leave it at that afterwards. */
  readonly remedies: Readonly<Record<string, readonly Remedy[]>>;
  /** Steps whose work rests on text from outside. */
  readonly tainted?: Readonly<Record<string, boolean>>;
}

/** A step that has failed is tried again, with another input, done by hand, or left out. */
export type Remedy = 'retry' | 'edit' | 'take' | 'skip';

/** An order without who gives it. */
export type Bare<T> = T extends RunOrder ? Omit<T, 'id' | 'who'> : never;

/** The order that a remedy is. */
export function orderOf(remedy: Remedy, step: string): Bare<RunOrder> {
  if (remedy === 'take') return { kind: 'take', step };
  if (remedy === 'skip') return { kind: 'skip', step, why: 'It can wait.' };
  return { kind: 'retry', step, ...(remedy === 'edit' ? { with: { objective: 'Another one' } } : {}) };
}

export const stopOrder = { kind: 'stop', id: '01ARZ3NDEKTSV4RRFFQ69G5FAV', who: 'Ada' } as const;
