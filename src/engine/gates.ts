import type { Folding } from './folding.ts';
import type { Workshop } from './ports.ts';
import { graphOf, upstream } from './workflow-graph.ts';
import type { Failure } from '../base/failure.ts';
import type { RunEvent } from '../contracts/journal.ts';
import type { GateStep } from '../contracts/workflow.ts';
import { noCost } from '../contracts/proposal.ts';
import type { GateOpening, ProposalState, ProposalStatus, RunState } from '../contracts/run.ts';

const unsettled: ReadonlySet<ProposalStatus['is']> = new Set(['open', 'approved', 'applying', 'revising']);

/** Whether an open gate asks about the proposal: only then is it applied. */
export function isAtGate({ gates }: RunState, n: number): boolean {
  return [...gates.values()].some(({ proposals }) => proposals.includes(n));
}

/**
 * Opens a gate for every proposal of the steps before it that is unsettled, or was rejected while the gate was
 * closed. With none there is nothing to wait for.
 */
export function openGate(state: Folding, id: string, nowMs: number): RunEvent[] {
  const at = state.steps.get(id);
  if (at?.step.kind !== 'gate') throw new Error(`${id} is no gate`);
  const { step } = at;
  const attempt = at.attempts.length + 1;
  const before = upstream(graphOf(state), step.id);
  const proposals = [...state.proposals.values()]
    .filter(
      ({ step: by, status }) => before.has(by) && (unsettled.has(status.is) || status.is === 'rejected'),
    )
    .map((proposal) => ({ n: proposal.n, version: proposal.versions.length }));
  const key = `${state.id}/${step.id}/${attempt}`;
  return [
    { type: 'step.started', step: step.id, attempt, data: { key } },
    {
      type: 'gate.opened',
      step: step.id,
      attempt,
      data: { ...timing(step, nowMs), question: step.question, proposals },
    },
  ];
}

function timing({ remindEveryMs, withinMs, otherwise }: GateStep, nowMs: number) {
  return {
    ...(remindEveryMs === undefined ? {} : { remindEveryMs }),
    ...(withinMs === undefined ? {} : { untilMs: nowMs + withinMs }),
    ...(otherwise === undefined ? {} : { otherwise }),
  };
}

/** What policy and past decisions mean for the gates that wait. */
export function gateMoves(state: RunState, askPolicy: Workshop['askPolicy']): RunEvent[] {
  for (const [step, gate] of state.gates) {
    const moves = movesOf(state, step, gate, askPolicy);
    if (moves.length > 0) return moves;
  }
  return [];
}

function movesOf(
  state: RunState,
  step: string,
  gate: GateOpening,
  askPolicy: Workshop['askPolicy'],
): RunEvent[] {
  const attempt = state.steps.get(step)?.attempts.length ?? 1;
  const proposals = gate.proposals.flatMap((n) => state.proposals.get(n) ?? []);
  for (const proposal of proposals.filter(({ status }) => status.is === 'open')) {
    const verdict = askPolicy(state, proposal);
    if (verdict.then === 'allow') return [allowed(proposal, verdict.why)];
    if (verdict.then === 'deny') return [failed(step, attempt, denied(proposal, verdict.why))];
  }
  if (proposals.some(({ status }) => unsettled.has(status.is))) return [];
  const rejected = proposals.filter(({ status }) => status.is === 'rejected');
  if (rejected.length > 0) return [failed(step, attempt, rejection(rejected, proposals))];
  return [passed(step, attempt, gate, proposals)];
}

function allowed(proposal: ProposalState, why: string): RunEvent {
  const { n, version, commit } = current(proposal);
  return { type: 'decision.made', data: { n, version, commit, verdict: 'approve', by: 'policy', who: why } };
}

function passed(
  step: string,
  attempt: number,
  gate: GateOpening,
  proposals: readonly ProposalState[],
): RunEvent {
  const decisions = proposals.map(({ n, status }) => ({
    n,
    status: status.is,
    ...('decision' in status
      ? { version: status.decision.version, by: status.decision.by, who: status.decision.who }
      : {}),
    ...(status.is === 'applied' ? { commit: status.commit } : {}),
  }));
  return {
    type: 'step.completed',
    step,
    attempt,
    data: { input: { question: gate.question }, output: { decisions }, cost: noCost, sources: [] },
  };
}

function failed(step: string, attempt: number, failure: Failure): RunEvent {
  return { type: 'step.failed', step, attempt, data: { failure, cost: noCost } };
}

function denied(proposal: ProposalState, why: string): Failure {
  return {
    code: 'policy.denied',
    message: `Policy denies proposal ${proposal.n}: ${why}`,
    retry: 'operator',
    kept: 'The proposal is kept and can still be read; nothing was applied.',
    remedy: 'Change the rule in .cairn/policy.yaml if it is wrong, and start a new run.',
  };
}

function rejection(rejected: readonly ProposalState[], all: readonly ProposalState[]): Failure {
  const words = rejected.map((proposal) => {
    const comment = proposal.status.is === 'rejected' ? proposal.status.decision.comment : undefined;
    return `proposal ${proposal.n} was rejected${comment ? ` (“${comment}”)` : ''}`;
  });
  const message = words.join('; ');
  return {
    code: 'operator.rejected',
    message: message.charAt(0).toUpperCase() + message.slice(1) + '.',
    retry: 'never',
    kept: all.some(({ status }) => status.is === 'applied')
      ? 'What was approved is applied.'
      : 'Nothing was applied.',
  };
}

/** A proposal's version that a decision is about. */
export function current(proposal: ProposalState) {
  const version = proposal.versions.at(-1);
  if (!version) throw new Error(`Proposal ${proposal.n} has no version`);
  return version;
}
