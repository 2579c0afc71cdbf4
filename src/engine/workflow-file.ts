import { invalidDefinition, workflowCycle, type Flaw } from '../base/failures/definitions.ts';
import { limits } from '../base/limits.ts';
import { checkYaml, readYaml, type YamlFile } from '../contracts/parse-yaml.ts';
import type { Trigger } from '../contracts/trigger.ts';
import { everyStep, workflowHeadSchema, type Workflow } from '../contracts/workflow.ts';
import { withFinalGate } from './final-gate.ts';
import { stepLists } from './step-list.ts';
import { findCycle } from './workflow-graph.ts';
import { inputFlaws, stepFlaws } from './workflow-rules.ts';
import { readSteps } from './workflow-step.ts';
import { readTriggers, triggerFlaws } from './workflow-triggers.ts';
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
  const steps = readSteps(yaml, ['steps']);
  const { triggers, flaws } = readTriggers(yaml);
  refuse([...('flaws' in head ? head.flaws : []), ...flaws, ...steps.flaws]);
  if ('flaws' in head) throw invalidDefinition(head.flaws);
  const { on: _on, baseline, steps: _steps, ...keys } = head.value;
  const workflow: Workflow = { id, ...keys, baselineMinutes: baseline?.minutes, steps: steps.steps };
  refuseFlaws(yaml, workflow, triggerFlaws(yaml, workflow, triggers));
  return { workflow: withFinalGate(workflow), triggers };
}

/** Throws for everything that is wrong with steps that were read, and for `others`, all at once. */
export function refuseFlaws(yaml: YamlFile, workflow: Workflow, others: readonly Flaw[] = []): void {
  refuse([
    ...countFlaws(yaml, workflow),
    ...inputFlaws(yaml, workflow),
    ...stepFlaws(yaml, workflow),
    ...templateFlaws(yaml, workflow),
    ...others,
  ]);
  for (const list of stepLists(workflow)) {
    const loop = findCycle(list);
    if (loop) throw workflowCycle(yaml.place([...list.path, loop[0] ?? '', 'needs'], 'key'), loop);
  }
}

export function refuse(flaws: readonly Flaw[]): void {
  const [first, ...others] = flaws;
  if (first) throw invalidDefinition([first, ...others]);
}

function countFlaws(yaml: YamlFile, workflow: Workflow): readonly Flaw[] {
  const empty = stepLists(workflow).find(({ steps }) => steps.length === 0);
  if (empty) {
    const at = yaml.place(empty.path, 'key');
    const what = empty.path.length > 1 ? `steps.${empty.path[1]}` : 'The workflow';
    return [{ at, message: `${what} has no step.`, remedy: 'Add at least one under “steps”.' }];
  }
  const count = everyStep(workflow.steps).length;
  if (count <= limits.stepsPerWorkflow) return [];
  const message = `The workflow has ${count} steps; it may have ${limits.stepsPerWorkflow}.`;
  return [{ at: yaml.place(['steps'], 'key'), message, remedy: 'Split it into several workflows.' }];
}
