import { invalidDefinition, workflowCycle, type Flaw } from '../base/failures/definitions.ts';
import { limits } from '../base/limits.ts';
import { checkYaml, readYaml, type YamlFile } from '../contracts/parse-yaml.ts';
import type { Trigger } from '../contracts/trigger.ts';
import {
  proposes,
  workflowHeadSchema,
  type GateStep,
  type Step,
  type Workflow,
} from '../contracts/workflow.ts';
import { downstream, findCycle } from './workflow-graph.ts';
import { inputFlaws, stepFlaws } from './workflow-rules.ts';
import { readTriggers, triggerFlaws } from './workflow-triggers.ts';
import { readStep, writtenSteps } from './workflow-step.ts';
import { templateFlaws } from './workflow-templates.ts';

export interface WorkflowFile {
  /** Path in the company, for messages. */
  readonly file: string;
  /** The file's name without its ending. */
  readonly id: string;
}

/** All that a workflow's file says: what a run is pinned to, and what starts runs. */
export interface ParsedWorkflow {
  readonly workflow: Workflow;
  readonly triggers: readonly Trigger[];
}

/**
 * Parses a workflow's file into a workflow that can run: every name it uses exists, there is no
 * cycle, every writing step has a gate behind it. Throws `definition.invalid` or `workflow.cycle`
 * with line, column and a remedy; all flaws are told at once.
 */
export function parseWorkflow(text: string, at: WorkflowFile): Workflow {
  return parseWorkflowFile(text, at).workflow;
}

/** Parses a workflow's file with its triggers. Throws what {@link parseWorkflow} throws. */
export function parseWorkflowFile(text: string, { file, id }: WorkflowFile): ParsedWorkflow {
  const yaml = readYaml(text, { file });
  const head = checkYaml(yaml, [], yaml.value, workflowHeadSchema);
  const steps = readSteps(yaml);
  const { triggers, flaws } = readTriggers(yaml);
  refuse([...('flaws' in head ? head.flaws : []), ...flaws, ...steps.flaws]);
  if ('flaws' in head) throw invalidDefinition(head.flaws);
  const { on: _on, baseline, steps: _steps, ...keys } = head.value;
  const workflow: Workflow = { id, ...keys, baselineMinutes: baseline?.minutes, steps: steps.steps };
  refuse([
    ...countFlaws(yaml, workflow),
    ...inputFlaws(yaml, workflow),
    ...stepFlaws(yaml, workflow),
    ...templateFlaws(yaml, workflow),
    ...triggerFlaws(yaml, workflow, triggers),
  ]);
  const loop = findCycle(workflow);
  if (loop) throw workflowCycle(yaml.place(['steps', loop[0] ?? '', 'needs'], 'key'), loop);
  return { workflow: withFinalGate(workflow), triggers };
}

/**
 * Gives every writing step a gate behind it, so that no proposal ends a run undecided: what has
 * none waits at one gate at the end. A workflow that needs no such gate stays as it is.
 */
export function withFinalGate(workflow: Workflow): Workflow {
  const gates = new Set(workflow.steps.filter(({ kind }) => kind === 'gate').map(({ id }) => id));
  const ungated = workflow.steps.filter(
    (step) => proposes(step) && ![...downstream(workflow, step.id)].some((id) => gates.has(id)),
  );
  if (ungated.length === 0) return workflow;
  const gate: GateStep = {
    kind: 'gate',
    id: freeId(workflow),
    name: 'Review',
    needs: ungated.map(({ id }) => id),
    timeoutMs: limits.stepTimeoutMs,
    maxAttempts: 1,
    question: 'Approve what is left',
  };
  return { ...workflow, steps: [...workflow.steps, gate] };
}

function readSteps(yaml: YamlFile): { readonly steps: readonly Step[]; readonly flaws: readonly Flaw[] } {
  const steps: Step[] = [];
  const flaws: Flaw[] = [];
  for (const [id, value] of Object.entries(writtenSteps(yaml))) {
    const read = readStep(yaml, id, value);
    if ('step' in read) steps.push(read.step);
    else flaws.push(...read.flaws);
  }
  return { steps, flaws };
}

function countFlaws(yaml: YamlFile, { steps }: Workflow): readonly Flaw[] {
  const at = yaml.place(['steps'], 'key');
  if (steps.length === 0)
    return [{ at, message: 'The workflow has no step.', remedy: 'Add at least one under “steps”.' }];
  if (steps.length <= limits.stepsPerWorkflow) return [];
  const message = `The workflow has ${steps.length} steps; it may have ${limits.stepsPerWorkflow}.`;
  return [{ at, message, remedy: 'Split it into several workflows.' }];
}

function refuse(flaws: readonly Flaw[]): void {
  const [first, ...others] = flaws;
  if (first) throw invalidDefinition([first, ...others]);
}

function freeId(workflow: Workflow): string {
  const taken = new Set(workflow.steps.map(({ id }) => id));
  let id = 'review';
  for (let n = 2; taken.has(id); n += 1) id = `review-${n}`;
  return id;
}
