import { workflowPath, loadDefinition } from './load-definition.ts';
import type { Ports } from './ports.ts';
import { readInputs } from './read-inputs.ts';
import { beginRun } from './start-run.ts';
import { renderTemplate } from '../agents/template.ts';
import type { JsonObject } from '../base/json.ts';
import { occurrenceText } from '../contracts/trigger.ts';
import type { Trigger } from '../contracts/trigger.ts';
import type { TriggerWaiting } from '../contracts/trigger-state.ts';
import type { Workflow } from '../contracts/workflow.ts';
import { outsideInputs, triggerScope } from '../engine/trigger-inputs.ts';

/** The id of the run that an occurrence starts: its day, and what never changes. */
export function triggeredRun(workflow: string, day: string, digest: string): string {
  return `${day.replaceAll('-', '')}-${workflow}-${digest.slice(0, 12)}`;
}

/**
 * Starts the run of an occurrence with the workflow as it is now; answers its id, also when it has begun already.
 * Throws `input.invalid`, `definition.invalid`, `workflow.missing`, `agent.missing`, `git.*`.
 */
export async function startTriggered(
  ports: Ports,
  trigger: Trigger,
  waiting: TriggerWaiting,
  workflow: string,
): Promise<{ readonly run: string; readonly isNew: boolean }> {
  const definition = await loadDefinition(ports.files, workflow);
  const run = await sameRun(ports, waiting.run);
  const inputs = readInputs(definition.workflow, inputsOf(trigger, { ...waiting, run }, definition.workflow));
  await ports.repository.head();
  const isNew = await beginRun(ports, run, {
    definition,
    inputs,
    trigger: occurrenceText(trigger, waiting.occurrence),
    outside: waiting.outside ? outsideInputs(trigger.inputs) : [],
    after: waiting.after,
  });
  return { run, isNew };
}

/** The run of the same occurrence that another day, or a process that remembered nothing of it, has begun. */
async function sameRun({ runs }: Ports, run: string): Promise<string> {
  const withoutDay = run.slice(run.indexOf('-'));
  const ids = await runs.list();
  return ids.find((id) => id.slice(id.indexOf('-')) === withoutDay) ?? run;
}

/** What is rendered to nothing is not given, so that the input's default holds. */
function inputsOf(trigger: Trigger, { run, occurrence }: TriggerWaiting, workflow: Workflow): JsonObject {
  const scope = {
    inputs: {},
    steps: {},
    run: { id: run, date: new Date(occurrence.atMs).toISOString().slice(0, 10), workflow: workflow.name },
    trigger: triggerScope(occurrence),
  };
  const rendered = Object.entries(trigger.inputs).map(([name, template]) => {
    const part = { name: `on.${trigger.kind}[${trigger.index}].inputs.${name}`, line: trigger.line };
    return [name, renderTemplate(template, scope, { file: workflowPath(workflow.id), part })] as const;
  });
  return Object.fromEntries(rendered.filter(([, text]) => text.trim() !== ''));
}
