import type { Source } from '../contracts/model.ts';
import type { RunState } from '../contracts/run.ts';
import { graphOf, upstream } from '../engine/workflow-graph.ts';

/** Sources that the steps before `step` rested on and handed on with their output, one per id. */
export function handedOnBy(state: RunState, step: string): Source[] {
  const before = upstream(graphOf(state), step);
  const sources = [...before].flatMap((id) => {
    const status = state.steps.get(id)?.status;
    return status?.is === 'succeeded' ? materialOf(status.result.output) : [];
  });
  return [...new Map(sources.map((source) => [source.id, source])).values()];
}

/** An output's `material`: written by this program, vouched for by the journal's checksum. */
function materialOf(output: unknown): Source[] {
  if (typeof output !== 'object' || output === null || !('material' in output)) return [];
  return Array.isArray(output.material) ? (output.material as Source[]) : [];
}
