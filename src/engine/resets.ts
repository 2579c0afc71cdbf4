import { downstream, graphOf } from './workflow-graph.ts';
import type { RunState } from '../contracts/run.ts';

/** What has to be made anew with a step: itself and all that needs it, in the order of the run. */
export function resetsFrom(state: RunState, step: string): string[] {
  const after = downstream(graphOf(state), step);
  return [...state.steps.keys()].filter((id) => id === step || after.has(id));
}
