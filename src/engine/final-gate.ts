import { downstream } from './workflow-graph.ts';
import { limits } from '../base/limits.ts';
import { proposes, type GateStep, type Step, type Workflow } from '../contracts/workflow.ts';

/**
 * Gives every writing step a gate behind it, so that no proposal ends a run undecided: what has
 * none waits at one gate at the end. A workflow that needs no such gate stays as it is.
 */
export function withFinalGate(workflow: Workflow): Workflow {
  const open = ungated(workflow.steps);
  if (open.length === 0) return workflow;
  const gate: GateStep = {
    kind: 'gate',
    id: freeId(workflow),
    name: 'Review',
    needs: open.map(({ id }) => id),
    timeoutMs: limits.stepTimeoutMs,
    maxAttempts: 1,
    question: 'Approve what is left',
  };
  return { ...workflow, steps: [...workflow.steps, gate] };
}

/** Steps that may leave proposals undecided: no gate of the same list comes behind them. */
function ungated(steps: readonly Step[]): readonly Step[] {
  const gates = new Set(steps.filter(({ kind }) => kind === 'gate').map(({ id }) => id));
  return steps.filter(
    (step) => leavesUndecided(step) && ![...downstream({ steps }, step.id)].some((id) => gates.has(id)),
  );
}

/** A called workflow decides its own work; what a map's steps leave undecided is left by the map. */
function leavesUndecided(step: Step): boolean {
  if (step.kind === 'map') return ungated(step.steps).length > 0;
  return step.kind === 'plan' ? step.writes.length > 0 : proposes(step);
}

function freeId(workflow: Workflow): string {
  const taken = new Set(workflow.steps.map(({ id }) => id));
  let id = 'review';
  for (let n = 2; taken.has(id); n += 1) id = `review-${n}`;
  return id;
}
