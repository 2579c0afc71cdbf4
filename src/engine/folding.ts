import type { GateOpening, ProposalState, RunState, StepState } from '../contracts/run.ts';

/** A run's state while records are folded into it: its maps are its own to change. */
export type Folding = Omit<RunState, 'steps' | 'proposals' | 'gates'> & {
  readonly steps: Map<string, StepState>;
  readonly proposals: Map<number, ProposalState>;
  readonly gates: Map<string, GateOpening>;
};
