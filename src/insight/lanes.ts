import type { Definition, RunState } from '../contracts/run.ts';
import type { Step } from '../contracts/workflow.ts';
import type { TimelineLane } from '../protocol/timeline.ts';

/** The lane that a step's attempts are shown in: who does the work. */
export function laneOf(step: Step, { agents }: Definition): TimelineLane {
  const agentLane = (id: string): TimelineLane => ({
    id: `agent:${id}`,
    label: agents.find((agent) => agent.id === id)?.name ?? id,
    kind: 'agent',
  });
  switch (step.kind) {
    case 'agent':
      return agentLane(step.agent);
    case 'check':
      return step.judge ? agentLane(step.judge) : { id: 'checks', label: 'Checks', kind: 'check' };
    case 'connector':
    case 'deliver':
      return { id: `connector:${step.connector}`, label: step.connector, kind: 'connector' };
    case 'compose':
      return {
        id: `connector:${step.outgoing.connector}`,
        label: step.outgoing.connector,
        kind: 'connector',
      };
    case 'gate':
      return { id: 'operator', label: 'Operator', kind: 'gate' };
    case 'wait':
      return { id: 'waits', label: 'Waits', kind: 'wait' };
    case 'map':
    case 'workflow':
    case 'plan':
    case 'effect':
      return { id: 'parts', label: 'Parts', kind: step.kind };
    case 'revert':
      return { id: 'cairn', label: 'Cairn', kind: 'revert' };
  }
}

/** The lanes of a run in the order of their first steps; the operator's own comes last. */
export function lanesOf({ definition, steps }: RunState): readonly TimelineLane[] {
  const lanes = new Map<string, TimelineLane>();
  for (const { step } of steps.values()) {
    const lane = laneOf(step, definition);
    if (!lanes.has(lane.id)) lanes.set(lane.id, lane);
  }
  const all = [...lanes.values()];
  return [...all.filter(({ kind }) => kind !== 'gate'), ...all.filter(({ kind }) => kind === 'gate')];
}
