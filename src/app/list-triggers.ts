import type { TriggerListing, TriggerSummary } from './cairn.ts';
import { loadTriggers, workflowPath } from './load-definition.ts';
import type { Ports } from './ports.ts';
import { triggerId } from './trigger-rounds.ts';
import type { Trigger } from '../contracts/trigger.ts';
import type { TriggerState } from '../contracts/trigger-state.ts';
import type { Workflow } from '../contracts/workflow.ts';
import { nextTime } from '../engine/schedule.ts';

/** What starts runs without a hand, how far it has come, and who keeps it. */
export async function listTriggers(ports: Ports): Promise<TriggerListing> {
  const [{ items, problems }, states, keeper] = await Promise.all([
    loadTriggers(ports.files),
    ports.triggers.read(),
    ports.triggers.keeper(),
  ]);
  const nowMs = ports.clock.now();
  const triggers = items.flatMap(({ workflow, triggers: own }) =>
    own.map((trigger) => {
      const state = states.get(triggerId(ports, workflow.id, trigger));
      return { ...summaryOf(workflow, trigger, state), nextMs: nextOf(trigger, state, nowMs) };
    }),
  );
  return { triggers, problems, keeper };
}

function summaryOf(
  { id, name }: Workflow,
  { name: trigger, kind, line }: Trigger,
  state: TriggerState | undefined,
): TriggerSummary {
  return {
    workflow: id,
    workflowName: name,
    trigger,
    kind,
    at: { file: workflowPath(id), ...(line === undefined ? {} : { line }) },
    kept: state?.progress !== undefined,
    fired: state?.fired,
    waiting: state?.waiting.length ?? 0,
    note: state?.note,
    problem: state?.problem?.failure,
  };
}

function nextOf(trigger: Trigger, state: TriggerState | undefined, nowMs: number): number | undefined {
  switch (trigger.kind) {
    case 'schedule':
      return nextTime(trigger, nowMs);
    case 'file':
      return undefined;
    case 'connector':
      return state?.progress?.kind === 'connector' ? state.progress.lookedMs + trigger.everyMs : undefined;
  }
}
