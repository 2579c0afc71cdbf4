import type { ProposalSummary, RunSummary } from './cairn.ts';
import type { Ports } from './ports.ts';
import { findingsOf, measuredVersion } from './measured-version.ts';
import type { RunReading } from './run-reader.ts';
import { proposalId } from '../contracts/proposal.ts';
import { blockOf } from '../contracts/run.ts';
import type { ProposalState, RunState } from '../contracts/run.ts';
import { canGoOn } from '../engine/can-go-on.ts';
import { isOver } from '../engine/run-status.ts';
import { wakesAtMs } from '../engine/wakes.ts';
import { isMet } from '../engine/step-table.ts';
import { awaiting } from '../engine/waiting.ts';
import { nextSteps, runWaits } from '../insight/waits.ts';

export async function summarizeRun(
  { runs, clock }: Pick<Ports, 'runs' | 'clock'>,
  { state, archived }: RunReading,
): Promise<RunSummary> {
  const steps = [...state.steps.values()];
  const goesOn = !archived && canGoOn(state, clock.now());
  const wakes = isOver(state) ? undefined : wakesAtMs(state);
  return {
    id: state.id,
    workflow: state.definition.workflow.id,
    workflowName: state.definition.workflow.name,
    status: state.status,
    canGoOn: goesOn,
    ...(wakes === undefined ? {} : { wakesAtMs: wakes }),
    waits: archived ? [] : runWaits(state),
    next: nextSteps(state).map(({ step }) => step.name),
    reminders: [...state.gates.values()].reduce((sum, { reminders }) => sum + reminders, 0),
    left: goesOn && !(await runs.isHeld(state.id)),
    archived,
    startedAtMs: state.startedAtMs,
    updatedAtMs: state.updatedAtMs,
    cost: state.cost,
    model: state.model,
    openProposals: awaiting(state).length,
    progress: { done: steps.filter(isMet).length, of: steps.length },
  };
}

export function summarizeProposal(state: RunState, proposal: ProposalState): ProposalSummary {
  const { workflow } = state.definition;
  const { status } = proposal;
  const blocked = blockOf(status);
  return {
    id: proposalId(state.id, proposal.n),
    run: state.id,
    workflowName: workflow.name,
    step: proposal.step,
    stepName: state.steps.get(proposal.step)?.step.name ?? proposal.step,
    status: status.is,
    awaiting: isAwaiting(state, proposal),
    createdAtMs: proposal.createdAtMs,
    current: measuredVersion(state, proposal),
    versions: proposal.versions.length,
    findings: findingsOf(state, proposal),
    ...(blocked ? { blocked } : {}),
  };
}

function isAwaiting(state: RunState, proposal: ProposalState): boolean {
  return state.status.is === 'waiting' && awaiting(state).some(({ n }) => n === proposal.n);
}
