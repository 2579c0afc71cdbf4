import type { Step } from '../contracts/workflow.ts';

/** What the operator may edit of a step's input: texts by name. Nothing for steps that have no such input. */
export function editableInput(step: Step): Readonly<Record<string, string>> {
  if (step.kind === 'agent') return { objective: step.with.objective };
  if (step.kind === 'compose') {
    const { with: given, body } = step.outgoing;
    return { ...given, ...(body === undefined ? {} : { body }) };
  }
  return step.kind === 'connector' ? step.with : {};
}

/** The step with its input as the operator has edited it; what is no part of its input changes nothing. */
export function editedStep(step: Step, edits: Readonly<Record<string, string>>): Step {
  if (step.kind === 'agent') {
    return { ...step, with: { ...step.with, objective: edits.objective ?? step.with.objective } };
  }
  if (step.kind === 'compose') {
    const { body = step.outgoing.body, ...given } = edits;
    return { ...step, outgoing: { ...step.outgoing, with: { ...step.outgoing.with, ...given }, body } };
  }
  return step.kind === 'connector' ? { ...step, with: { ...step.with, ...edits } } : step;
}
