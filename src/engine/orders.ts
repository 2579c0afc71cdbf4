import { current } from './gates.ts';
import { isOver } from './run-status.ts';
import { resetsFrom } from './resets.ts';
import { answered, occurred } from './waits.ts';
import type { RunEvent } from '../contracts/journal.ts';
import { handOver } from '../contracts/hand-over.ts';
import { noCost } from '../contracts/proposal.ts';
import type { Decision, Verdict } from '../contracts/proposal.ts';
import { blockOf } from '../contracts/run.ts';
import type { ProposalState, RunState } from '../contracts/run.ts';
import type { RunOrder } from '../contracts/runs.ts';

type DecideOrder = Extract<RunOrder, { kind: 'decide' }>;
type RetryOrder = Extract<RunOrder, { kind: 'retry' }>;
type SignalOrder = Extract<RunOrder, { kind: 'signal' }>;
type TakeOrder = Extract<RunOrder, { kind: 'take' }>;
type SkipOrder = Extract<RunOrder, { kind: 'skip' }>;

/** What an order of the operator does to the run. Giving the same order twice does it once (promise P4). */
export function eventsOf(state: RunState, order: RunOrder): RunEvent[] {
  // Whoever obeyed it died before it was acknowledged.
  if (state.obeyed.has(order.id)) return [];
  switch (order.kind) {
    case 'decide':
      return decide(state, order);
    case 'retry':
      return retry(state, order);
    case 'skip':
      return skip(state, order);
    case 'take':
      return take(state, order);
    case 'answer': {
      const at = state.steps.get(order.step);
      return at && !isOver(state) ? answered(state, at, order) : [];
    }
    case 'signal':
      return isOver(state) ? [] : [signalReceived(order)];
    case 'occur':
      return isOver(state) ? [] : occurred(state.steps.get(order.step), order);
    case 'stop':
      return isOver(state)
        ? []
        : [{ type: 'run.stopped', data: { why: order.why ?? 'Stopped by the operator.', by: order.who } }];
  }
}

function decide(state: RunState, order: DecideOrder): RunEvent[] {
  const { n, version, commit, verdict, who, comment } = order;
  const proposal = state.proposals.get(n);
  if (!proposal) return [refused(order, 'there is no such proposal')];
  if (isRepeated(proposal, order)) return [];
  // A gate may have closed because other work of it went back; what was said of this version still holds.
  if (isOver(state) || !isOpenTo(proposal, verdict)) return [refused(order, 'it is not open')];
  if (current(proposal).commit !== commit) return [refused(order, 'there is a newer version of it')];
  const decision: Decision = {
    n,
    version,
    commit,
    verdict,
    by: 'operator',
    who,
    ...(comment ? { comment } : {}),
  };
  const made: RunEvent = { type: 'decision.made', data: decision };
  return verdict === 'changes' ? [made, sentBack(state, proposal, decision)] : [made];
}

/** An approval that could not be applied may be taken back. */
function isOpenTo({ status }: ProposalState, verdict: Verdict): boolean {
  if (status.is === 'open') return true;
  return status.is === 'approved' && blockOf(status) !== undefined && verdict !== 'approve';
}

/** The gate that asked sends the work back with the operator's words. */
function sentBack(state: RunState, proposal: ProposalState, decision: Decision): RunEvent {
  const gate =
    [...state.gates].find(([, { proposals }]) => proposals.includes(proposal.n))?.[0] ?? proposal.step;
  return {
    type: 'step.sent-back',
    step: gate,
    attempt: state.steps.get(gate)?.attempts.length ?? 1,
    data: {
      to: proposal.step,
      by: decision.who,
      feedback: { from: 'operator', text: decision.comment ?? 'Please try again.', findings: [] },
      resets: resetsFrom(state, proposal.step),
      cost: noCost,
    },
  };
}

/** A run is tried again from its failed steps, or from one of them; a failed check from the work that it checks. */
function retry(state: RunState, { who, step: only, with: edits }: RetryOrder): RunEvent[] {
  if (state.status.is === 'stopped') return [];
  return [...state.steps.values()].flatMap(({ step, ...at }): RunEvent[] => {
    if (at.status.is !== 'failed' || (only !== undefined && step.id !== only)) return [];
    const from = step.kind === 'check' && step.onFail ? step.onFail.revise : step.id;
    const data = { by: who, resets: resetsFrom(state, from), ...(edits ? { with: { ...edits } } : {}) };
    return [{ type: 'step.retried', step: step.id, attempt: at.attempts.length || 1, data }];
  });
}

/** What failed may be done without; but for a gate, whose question is not answered by passing it over. */
function skip(state: RunState, { who, step: id, why }: SkipOrder): RunEvent[] {
  const at = state.steps.get(id);
  if (state.status.is === 'stopped' || at?.status.is !== 'failed' || at.step.kind === 'gate') return [];
  return [{ type: 'step.skipped', step: id, attempt: at.attempts.length || 1, data: { by: who, why } }];
}

function signalReceived({ event, text, who }: SignalOrder): RunEvent {
  return { type: 'signal.received', data: { event, text, by: who } };
}

/** From now on the step waits for the operator to say that they have done it. */
function take(state: RunState, { who, step: id }: TakeOrder): RunEvent[] {
  const at = state.steps.get(id);
  if (state.status.is === 'stopped' || at?.status.is !== 'failed' || at.step.kind === 'gate') return [];
  const question = `“${at.step.name}” is yours to do by hand. Is it done?`;
  const wait = { for: 'answer', question, options: Object.values(handOver), byHand: true } as const;
  const data = { input: { by: who }, wait: { ...wait, options: [...wait.options] } };
  return [{ type: 'step.waiting', step: id, attempt: at.attempts.length || 1, data }];
}

function isRepeated({ status }: ProposalState, order: DecideOrder): boolean {
  if (!('decision' in status)) return false;
  return status.decision.commit === order.commit && status.decision.verdict === order.verdict;
}

function refused({ n, version }: DecideOrder, why: string): RunEvent {
  return { type: 'decision.refused', data: { n, version, why } };
}
