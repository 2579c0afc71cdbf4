import { downstream } from './workflow-graph.ts';
import type { Workflow } from '../contracts/workflow.ts';

/** What has to be made anew with a step: itself and all that needs it, in the order of the workflow. */
export function resetsFrom(workflow: Workflow, step: string): string[] {
  const after = downstream(workflow, step);
  return workflow.steps.map(({ id }) => id).filter((id) => id === step || after.has(id));
}
