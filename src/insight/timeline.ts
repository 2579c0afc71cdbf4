import { traceAttempts } from './attempts.ts';
import type { AttemptTrace } from './attempts.ts';
import { laneOf, lanesOf } from './lanes.ts';
import { nextSteps, runWaits, waitOfStep } from './waits.ts';
import { retriesText } from '../protocol/waits.ts';
import type { JournalRecord, RunEvent, RunEventOf } from '../contracts/journal.ts';
import { noCost, proposalId } from '../contracts/proposal.ts';
import type { Decision } from '../contracts/proposal.ts';
import type { RunState } from '../contracts/run.ts';
import { effectName, effectsInDoubt, isUnderWay } from '../contracts/sending.ts';
import type { Step } from '../contracts/workflow.ts';
import type { TimelineBar, TimelineMark, TimelineView } from '../protocol/timeline.ts';
import { personText } from '../protocol/wording.ts';

/** The timeline of a run: a fold of its events, the same for the same journal and time zone. */
export function timelineOf(state: RunState, records: readonly JournalRecord[]): TimelineView {
  const { status, definition } = state;
  const over = status.is !== 'running' && status.is !== 'waiting';
  return {
    run: state.id,
    workflow: definition.workflow.name,
    status: status.is,
    statusText: statusText(state),
    ...(status.is === 'failed' ? { failure: status.failure } : {}),
    waits: runWaits(state),
    next: nextSteps(state).map(({ step }) => step.name),
    inDoubt: effectsInDoubt(state)
      .filter((sending) => !isUnderWay(state, sending))
      .map(effectName),
    by: state.by,
    trigger: state.trigger,
    model: state.model,
    offline: isOffline(state.model),
    startedAtMs: state.startedAtMs,
    ...(over ? { endedAtMs: state.updatedAtMs } : {}),
    cost: state.cost,
    lanes: lanesOf(state),
    bars: barsOf(state, traceAttempts(records)),
    marks: records.flatMap((record) => markOf(state, record)),
  };
}

/** Whether a model's name is that of the extractive one, which is labelled wherever its output shows. */
export function isOffline(model: string): boolean {
  return /^offline\b/i.test(model);
}

function barsOf(state: RunState, traces: readonly AttemptTrace[]): TimelineBar[] {
  return [...state.steps.values()].flatMap(({ step }) => {
    const own = traces.filter((trace) => trace.step === step.id);
    const bars = own.map((trace, index) => barOf(state, step, trace, index === own.length - 1));
    return state.steps.get(step.id)?.status.is === 'pending' ? [...bars, pendingBar(state, step, own)] : bars;
  });
}

function barOf(state: RunState, step: Step, trace: AttemptTrace, isLast: boolean): TimelineBar {
  const at = state.steps.get(step.id);
  const is = at?.status.is;
  const wait = isLast && at ? waitOfStep(state, at) : undefined;
  const { number, startMs, endMs, retryAtMs, cost, proposal } = trace;
  return {
    ...placeOf(state, step),
    attempt: number,
    status: isLast && (is === 'retrying' || is === 'expanded') ? barStatus[is] : trace.status,
    startMs,
    ...(endMs === undefined ? {} : { endMs }),
    ...(retryAtMs === undefined ? {} : { retryAtMs }),
    ...(wait ? { wait } : {}),
    cost,
    ...(proposal === undefined ? {} : { proposal: proposalId(state.id, proposal) }),
  };
}

const barStatus = { retrying: 'retrying', expanded: 'running' } as const;

function pendingBar(state: RunState, step: Step, before: readonly AttemptTrace[]): TimelineBar {
  return { ...placeOf(state, step), attempt: before.length + 1, status: 'pending', cost: noCost };
}

function placeOf({ definition }: RunState, step: Step) {
  const { id, name, needs, within } = step;
  return {
    step: id,
    name,
    lane: laneOf(step, definition).id,
    needs,
    ...(within ? { within: { step: within.step, part: within.part.id } } : {}),
  };
}

function markOf(state: RunState, { at, event }: JournalRecord): TimelineMark[] {
  const step = 'n' in event.data ? state.proposals.get(event.data.n)?.step : stepOf(event);
  const place = { atMs: at, ...(step === undefined ? {} : { step }) };
  switch (event.type) {
    case 'decision.made':
      return [{ ...place, kind: event.data.verdict, label: decisionLabel(event.data) }];
    case 'decision.refused':
      return [
        { ...place, kind: 'refused', label: `Decision on ${event.data.n} not taken: ${event.data.why}` },
      ];
    case 'apply.completed':
      return [{ ...place, kind: 'applied', label: `Committed as ${event.data.commit.slice(0, 8)}` }];
    case 'apply.blocked':
      return [{ ...place, kind: 'blocked', label: `Not committed: ${event.data.failure.message}` }];
    case 'step.retried':
      return [{ ...place, kind: 'retried', label: retriedLabel(event.data) }];
    case 'step.skipped':
      return [{ ...place, kind: 'skipped', label: skippedLabel(event.data) }];
    case 'gate.reminded':
      return [{ ...place, kind: 'reminded', label: 'Reminded of its question' }];
    case 'signal.received':
      return [{ ...place, kind: 'signalled', label: signalLabel(event.data) }];
    case 'run.resumed':
      return [{ ...place, kind: 'resumed', label: `Resumed by ${event.data.by}` }];
    default:
      return [];
  }
}

function stepOf(event: RunEvent): string | undefined {
  return 'step' in event ? event.step : undefined;
}

function signalLabel({ event, text, by }: RunEventOf<'signal.received'>['data']): string {
  return `“${event}” happened, told by ${personText(by)}${text ? `: ${text}` : ''}`;
}

function skippedLabel({ by, why }: RunEventOf<'step.skipped'>['data']): string {
  return by === 'workflow' ? `Left out: ${why}` : `Skipped by ${personText(by)}: ${why}`;
}

function retriedLabel({ by, with: edits = {} }: RunEventOf<'step.retried'>['data']): string {
  const edited = Object.keys(edits);
  const changed = edited.length > 0 ? ` with another ${edited.join(', ')}` : '';
  return `Retried by ${personText(by)}${changed}`;
}

const verdictWords = { approve: 'Approved', reject: 'Rejected', changes: 'Changes requested' } as const;

function decisionLabel({ verdict, by, who, comment }: Decision): string {
  const words = `${verdictWords[verdict]} by ${by === 'policy' ? `policy (${who})` : personText(who)}`;
  return comment ? `${words}: ${comment}` : words;
}

function statusText(state: RunState): string {
  const { status } = state;
  switch (status.is) {
    case 'running':
      return runningText(state);
    case 'waiting':
      return `Waits for ${status.for}`;
    case 'succeeded':
      return 'Completed';
    case 'failed':
      return status.failure.message;
    case 'stopped':
      return status.why;
  }
}

/** The times of a run's own records tell whether a time is of the same day, so that the text is a fold of them alone. */
function runningText(state: RunState): string {
  const { steps, updatedAtMs } = state;
  const running = [...steps.values()].filter(({ status }) => status.is === 'running');
  const tries = runWaits(state).filter(({ wait }) => wait.for === 'retry');
  const waits = tries[0] && retriesText(tries, updatedAtMs);
  if (running.length === 0) return waits === undefined ? 'Running' : `W${waits.slice(1)}`;
  const names = `Running ${running.map(({ step }) => step.name).join(', ')}`;
  return waits === undefined ? names : `${names}; ${waits}`;
}
