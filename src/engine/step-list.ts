import { upstream } from './workflow-graph.ts';
import type { Step, Workflow } from '../contracts/workflow.ts';

/** Steps as they are written together: a workflow's own, or those of a map. */
export interface StepList {
  /** The key that they are written below. */
  readonly path: readonly string[];
  readonly steps: readonly Step[];
  /** Steps around the list that are done before any of it begins. */
  readonly before: readonly Step[];
}

/** Every list of a workflow, the outer ones first. */
export function stepLists({ steps }: Workflow): readonly StepList[] {
  return listsIn({ path: ['steps'], steps, before: [] });
}

function listsIn(list: StepList): readonly StepList[] {
  const inner = list.steps.flatMap((step) => {
    if (step.kind !== 'map') return [];
    const above = upstream(list, step.id);
    const before = [...list.before, ...list.steps.filter(({ id }) => above.has(id))];
    return listsIn({ path: [...list.path, step.id, 'steps'], steps: step.steps, before });
  });
  return [list, ...inner];
}
