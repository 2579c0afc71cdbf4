import { workflowPath } from './load-definition.ts';
import { readInputs } from './read-inputs.ts';
import { StepScope } from './step-scope.ts';
import { appFailures } from '../base/failures/app.ts';
import type { Json } from '../base/json.ts';
import type { WorkflowStep } from '../contracts/workflow.ts';
import type { StepOutcome, StepTask } from '../engine/ports.ts';

/** Calls another workflow, as it was when the run began: its steps are carried out with inputs of their own. */
export function performWorkflow({ state, step }: StepTask & { readonly step: WorkflowStep }): StepOutcome {
  const called = state.definition.workflows?.[step.workflow];
  if (!called)
    throw appFailures.workflowMissing(step.workflow, Object.keys(state.definition.workflows ?? {}));
  const scope = new StepScope(state, step);
  const given = Object.entries(step.with).map(([name, value]): [string, Json] => [
    name,
    typeof value === 'string' ? scope.instruction(value, `with.${name}`) : value,
  ]);
  const inputs = readInputs(called, Object.fromEntries(given));
  const { write } = called.permissions;
  const bounds = write.length > 0 ? { writes: write } : {};
  const part = { id: step.id, inputs, file: workflowPath(called.id), ...bounds };
  return { is: 'expanded', input: { workflow: called.id, inputs }, parts: [part] };
}
