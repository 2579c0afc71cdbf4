import type { IndexedMap } from './indexed-map.ts';
import type { StepTable } from './step-table.ts';
import type { GateOpening, ProposalState, ProposalStatus, RunState } from '../contracts/run.ts';

/** A run's state while records are folded into it: its maps are its own to change. */
export type Folding = Omit<RunState, 'steps' | 'proposals' | 'gates'> & {
  readonly steps: StepTable;
  readonly proposals: IndexedMap<number, ProposalState, ProposalStatus['is']>;
  readonly gates: Map<string, GateOpening>;
};
