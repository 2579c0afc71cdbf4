import type { IndexedMap } from './indexed-map.ts';
import type { StepTable } from './step-table.ts';
import type { GateOpening, ProposalState, ProposalStatus, RunState, Signal } from '../contracts/run.ts';
import type { Delivery, Sending } from '../contracts/sending.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A run's state while records are folded into it: it changes with each of them. */
export type Folding = Mutable<
  Omit<RunState, 'steps' | 'proposals' | 'gates' | 'signals' | 'delivered' | 'doubts' | 'obeyed' | 'raised'>
> & {
  readonly steps: StepTable;
  readonly proposals: IndexedMap<number, ProposalState, ProposalStatus['is']>;
  readonly gates: Map<string, GateOpening>;
  readonly signals: Map<string, Signal>;
  readonly delivered: Map<string, Delivery>;
  readonly doubts: Map<string, Sending>;
  readonly obeyed: Set<string>;
  readonly raised: Map<string, number | null>;
};
