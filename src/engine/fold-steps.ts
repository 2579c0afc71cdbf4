import { partSteps } from './expansion.ts';
import { beginSending, denySending, endSending, endUnsent } from './fold-effects.ts';
import { addVersion, reviseOpen, withdrawOf, withdrawRevised } from './fold-proposals.ts';
import type { Folding } from './folding.ts';
import { doubt } from '../contracts/effect.ts';
import type { RunEvent, RunEventOf } from '../contracts/journal.ts';
import { addCost, noCost } from '../contracts/proposal.ts';
import type { Cost } from '../contracts/proposal.ts';
import type { Attempt, StepState, StepStatus, Wait } from '../contracts/run.ts';
import { expands } from '../contracts/workflow.ts';
import type { Failure } from '../base/failure.ts';

type StepEvent = Extract<RunEvent, { type: `step.${string}` | `gate.${string}` }>;

/** Folds an event of a step; an event of an unknown step changes nothing. */
export function foldStepEvent(state: Folding, event: StepEvent, atMs: number): void {
  const step = state.steps.get(event.step);
  if (!step || isOutdated(step, event)) return;
  switch (event.type) {
    case 'step.started':
      return onStarted(state, step, event, atMs);
    case 'step.completed':
      return onCompleted(state, step, event, atMs);
    case 'step.expanded':
      return onExpanded(state, step, event);
    case 'step.failed':
      return onFailed(state, step, event, atMs);
    case 'step.sent-back':
      return onSentBack(state, step, event, atMs);
    case 'step.retried':
      return onRetried(state, step, event);
    case 'step.skipped':
      return onSkipped(state, step, event, atMs);
    case 'step.waiting':
      return onWaiting(state, step, event);
    case 'gate.opened':
      return onGateOpened(state, step, event, atMs);
    case 'gate.reminded':
      return onReminded(state, step, atMs);
  }
}

const outcomes: ReadonlySet<StepEvent['type']> = new Set([
  'step.completed',
  'step.failed',
  'step.expanded',
  'step.waiting',
]);
const underWay: ReadonlySet<StepStatus['is']> = new Set(['running', 'waiting', 'expanded']);

/** An outcome of an attempt that the step no longer waits for. */
function isOutdated(step: StepState, event: StepEvent): boolean {
  if (!outcomes.has(event.type)) return false;
  // What has failed may be handed over to the operator.
  const isTaken = event.type === 'step.waiting' && step.status.is === 'failed';
  const awaited = isTaken || underWay.has(step.status.is);
  return !awaited || step.attempts.at(-1)?.number !== event.attempt;
}

function onStarted(state: Folding, step: StepState, event: RunEventOf<'step.started'>, atMs: number): void {
  const { key, proposal: slot } = event.data;
  const attempt: Attempt = { number: event.attempt, key, slot, startedAtMs: atMs, cost: noCost };
  state.steps.set(step.id, { ...step, status: { is: 'running' }, attempts: [...step.attempts, attempt] });
  state.attempts += 1;
  beginSending(state, step, event, atMs);
  if (slot) state.nextProposal = Math.max(state.nextProposal, slot.n + 1);
}

function onCompleted(
  state: Folding,
  step: StepState,
  event: RunEventOf<'step.completed'>,
  atMs: number,
): void {
  const { input, output, cost, model, sources, proposal } = event.data;
  if (step.step.kind === 'deliver') endSending(state, step, event, atMs);
  const result = { input, output, model, sources, proposal: proposal?.n };
  state.steps.set(step.id, {
    ...endAttempt(step, { atMs, cost }),
    status: { is: 'succeeded', result },
    feedback: [],
  });
  state.gates.delete(step.id);
  if (proposal) addVersion(state, step.id, proposal, atMs);
  else withdrawRevised(state, step);
  state.tainted ||= sources.some(({ untrusted }) => untrusted);
  state.cost = addCost(state.cost, cost);
}

function onExpanded(state: Folding, at: StepState, { data }: RunEventOf<'step.expanded'>): void {
  const { id } = at;
  dropParts(state, id);
  const step = state.steps.get(id)?.step;
  if (!step || !expands(step)) return;
  state.steps.set(id, { ...at, step, status: { is: 'expanded' }, parts: data.parts });
  state.steps.expand(id, partSteps(step, state.definition, data));
  state.tainted ||= data.parts.some(({ untrusted }) => untrusted);
}

function onFailed(state: Folding, step: StepState, event: RunEventOf<'step.failed'>, atMs: number): void {
  const { failure, cost, retryAtMs, inDoubt } = event.data;
  if (!inDoubt) endUnsent(state, event);
  const status: StepStatus =
    retryAtMs === undefined ? { is: 'failed', failure } : { is: 'retrying', atMs: retryAtMs };
  state.steps.set(step.id, { ...endAttempt(step, { atMs, cost, failure }), status });
  state.gates.delete(step.id);
  state.cost = addCost(state.cost, cost);
  if (failure.inOutage) state.attempts -= 1;
}

function onSentBack(
  state: Folding,
  step: StepState,
  event: RunEventOf<'step.sent-back'>,
  atMs: number,
): void {
  const { to, feedback, resets, cost } = event.data;
  state.steps.set(step.id, { ...endAttempt(step, { atMs, cost }), sentBack: step.sentBack + 1 });
  reviseOpen(state, new Set(resets), feedback.text);
  resetSteps(state, resets);
  // The operator's wish begins the work anew: its checks have all their rounds again.
  if (feedback.from === 'operator') forgetRounds(state, resets);
  const target = state.steps.get(to);
  if (target) state.steps.set(to, { ...target, feedback: [...target.feedback, feedback] });
  state.cost = addCost(state.cost, cost);
}

function onRetried(state: Folding, step: StepState, { data }: RunEventOf<'step.retried'>): void {
  denySending(state, step);
  if (data.with) state.steps.set(step.id, { ...step, edits: { ...step.edits, ...data.with } });
  resetSteps(state, data.resets);
  forgetRounds(state, [step.id, ...data.resets]);
  revive(state);
}

function onSkipped(
  state: Folding,
  step: StepState,
  { attempt, data }: RunEventOf<'step.skipped'>,
  atMs: number,
): void {
  if (data.by === 'workflow') endUnsent(state, { step: step.id, attempt });
  const ended = endAttempt(step, { atMs, cost: noCost });
  state.steps.set(step.id, { ...ended, status: { is: 'skipped', by: data.by, why: data.why } });
  withdrawOf(state, step, 'Its step was skipped.');
  revive(state);
}

/** A run that has failed goes on; one that was stopped stays so. */
function revive(state: Folding): void {
  if (state.status.is === 'failed') state.status = { is: 'running' };
}

function onGateOpened(state: Folding, step: StepState, event: RunEventOf<'gate.opened'>, atMs: number): void {
  const { proposals, ...asked } = event.data;
  state.steps.set(step.id, { ...step, status: { is: 'waiting', for: 'decision' } });
  const numbers = proposals.map(({ n }) => n);
  state.gates.set(step.id, { ...asked, openedAtMs: atMs, proposals: numbers, reminders: 0 });
}

function onReminded(state: Folding, { id }: StepState, atMs: number): void {
  const gate = state.gates.get(id);
  if (gate) state.gates.set(id, { ...gate, reminders: gate.reminders + 1, remindedAtMs: atMs });
}

function onWaiting(state: Folding, step: StepState, event: RunEventOf<'step.waiting'>): void {
  const { data } = event;
  if (isPaused(step, data.wait)) endUnsent(state, event);
  state.steps.set(step.id, { ...step, status: { is: 'waiting', ...data.wait } });
  revive(state);
}

/** A delivery that asks, and not whether it was done, has not been begun. */
function isPaused({ step }: StepState, wait: Wait): boolean {
  if (step.kind !== 'deliver' || wait.for !== 'answer' || wait.byHand) return false;
  return !wait.options.includes(doubt.sent);
}

function resetSteps(state: Folding, ids: readonly string[]): void {
  const reset = new Set(ids);
  for (const id of ids) {
    const step = state.steps.get(id);
    if (!step) continue;
    const isCarriedOn = step.parts.length > 0 && !isBegunAnew(state, step, reset);
    if (isCarriedOn) {
      state.steps.set(id, { ...step, status: { is: 'expanded' } });
      continue;
    }
    state.steps.set(id, {
      ...step,
      status: { is: 'pending' },
      attemptsBefore: step.attempts.length,
      parts: [],
    });
    state.gates.delete(id);
    dropParts(state, id);
  }
}

function dropParts(state: Folding, id: string): void {
  for (const gone of state.steps.collapse(id)) {
    state.gates.delete(gone.id);
    withdrawOf(state, gone, 'What it was a part of is begun anew.');
  }
}

/**
 * Whether something before an expanded step is made anew: then it is expanded anew, as there may be other items.
 * Otherwise some of its own steps are, and it goes on with these.
 */
function isBegunAnew(state: Folding, { id, step }: StepState, reset: ReadonlySet<string>): boolean {
  const parts = new Set(state.steps.partsOf(id));
  return step.needs.some((need) => reset.has(need) && !parts.has(need));
}

function forgetRounds(state: Folding, ids: readonly string[]): void {
  for (const id of ids) {
    const step = state.steps.get(id);
    if (step) state.steps.set(id, { ...step, sentBack: 0 });
  }
}

export function endAttempt(
  step: StepState,
  { atMs, cost, failure }: { atMs: number; cost: Cost; failure?: Failure },
): StepState {
  const last = step.attempts.at(-1);
  if (!last || last.endedAtMs !== undefined) return step;
  const ended: Attempt = { ...last, cost, failure: failure ?? last.failure, endedAtMs: atMs };
  return { ...step, attempts: [...step.attempts.slice(0, -1), ended] };
}
