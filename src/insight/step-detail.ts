import { traceAttempts } from './attempts.ts';
import { laneOf } from './lanes.ts';
import { waitOfStep } from './waits.ts';
import type { Finding } from '../contracts/check.ts';
import type { JournalRecord, RunEventOf } from '../contracts/journal.ts';
import { proposalId } from '../contracts/proposal.ts';
import { blockOf } from '../contracts/run.ts';
import type { ProposalState, RunState } from '../contracts/run.ts';
import type { Step } from '../contracts/workflow.ts';
import type { StepDetail, StepFeedback, StepProposal, StepRemedy } from '../protocol/timeline.ts';

/** All that is known of a step: a fold of its run's events. Nothing when the run has no such step. */
export function stepDetailOf(
  state: RunState,
  records: readonly JournalRecord[],
  id: string,
): StepDetail | undefined {
  const at = state.steps.get(id);
  if (!at) return undefined;
  const { step } = at;
  const wait = waitOfStep(state, at);
  const attempts = traceAttempts(records).filter((trace) => trace.step === id);
  const completed = lastOf(records, 'step.completed', id)?.data;
  const last = attempts.at(-1);
  return {
    step: id,
    name: step.name,
    kind: step.kind,
    ...agentOf(state, step),
    ...(completed?.model ? { model: completed.model } : {}),
    status: statusOf(state, id, last?.status),
    remedies: remediesOf(state, step),
    attempts: attempts.map(({ number, status, startMs, endMs, cost, failure }) => {
      return { number, status, startMs, endMs, cost, failure };
    }),
    ...(step.kind === 'gate'
      ? { question: lastOf(records, 'gate.opened', id)?.data.question ?? step.question }
      : {}),
    ...(wait ? { wait } : {}),
    input: completed?.input,
    output: completed?.output,
    sources: completed?.sources ?? [],
    proposals: proposalsOf(state, records, id).map((proposal) => shown(state.id, proposal)),
    ...(last?.failure ? { failure: last.failure } : {}),
    feedback: feedbackOf(state, records, id),
  };
}

function agentOf({ definition }: RunState, step: Step) {
  const lane = laneOf(step, definition);
  return lane.kind === 'agent' ? { agent: lane.label } : {};
}

function statusOf(state: RunState, id: string, last: StepDetail['status'] | undefined): StepDetail['status'] {
  const is = state.steps.get(id)?.status.is;
  if (is === 'pending') return last === 'sent-back' ? 'sent-back' : 'pending';
  if (is === 'expanded') return 'running';
  return is === 'retrying' ? 'retrying' : (last ?? 'pending');
}

/** A stopped run stays stopped; a gate is not passed over; checks and gates have no input of their own. */
function remediesOf(state: RunState, { id, kind }: Step): StepRemedy[] {
  if (state.status.is === 'stopped' || state.steps.get(id)?.status.is !== 'failed') return [];
  return [
    'retry-step',
    ...(kind === 'agent' || kind === 'connector' ? (['edit-and-retry'] as const) : []),
    ...(kind === 'gate' ? [] : (['take-step', 'skip-step'] as const)),
  ];
}

/** The step's own proposals; of a gate, those that it asked about when it last opened. */
function proposalsOf(state: RunState, records: readonly JournalRecord[], id: string): ProposalState[] {
  const asked = lastOf(records, 'gate.opened', id)?.data.proposals.map(({ n }) => n);
  return [...state.proposals.values()].filter(({ n, step }) => step === id || asked?.includes(n));
}

const statusWords = {
  open: 'waits for a decision',
  approved: 'approved',
  applying: 'being committed',
  applied: 'committed',
  rejected: 'rejected',
  revising: 'being revised',
  withdrawn: 'withdrawn',
} as const;

function shown(run: string, { n, status, versions }: ProposalState): StepProposal {
  const last = versions.at(-1);
  const blocked = blockOf(status);
  return {
    id: proposalId(run, n),
    intent: last?.intent ?? '',
    status: blocked ? `approved, but not committed: ${blocked.message}` : statusWords[status.is],
    version: last?.version ?? 0,
    files: last?.files ?? [],
  };
}

function feedbackOf(state: RunState, records: readonly JournalRecord[], id: string): StepFeedback[] {
  return records.flatMap(({ event }) => {
    if (event.type !== 'step.sent-back' || event.data.to !== id) return [];
    const { by, feedback } = event.data;
    const check = state.steps.get(by)?.step.name;
    const findings = feedback.findings.filter(({ passed }) => !passed).map(findingText);
    return [{ from: feedback.from === 'operator' ? by : (check ?? by), text: feedback.text, findings }];
  });
}

function findingText({ message, path, line }: Finding): string {
  if (!path) return message;
  return `${line === undefined ? path : `${path}:${line}`}: ${message}`;
}

type NamedType = 'step.completed' | 'gate.opened';

function lastOf<T extends NamedType>(
  records: readonly JournalRecord[],
  type: T,
  step: string,
): RunEventOf<T> | undefined {
  const found = records.findLast(
    ({ event }) => event.type === type && 'step' in event && event.step === step,
  );
  return found?.event as RunEventOf<T> | undefined;
}
