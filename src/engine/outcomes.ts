import type { StepOutcome, StepTask } from './ports.ts';
import { resetsFrom } from './resets.ts';
import { partSteps } from './expansion.ts';
import { limits } from '../base/limits.ts';
import type { Failure } from '../base/failure.ts';
import type { RunEvent, RunEventOf } from '../contracts/journal.ts';
import { noCost } from '../contracts/proposal.ts';
import type { Attempt, RunState, Wait } from '../contracts/run.ts';
import { expands, type Part, type Step } from '../contracts/workflow.ts';
import { isObject, toJson } from '../base/json.ts';
import type { Random } from '../base/random.ts';

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

export interface OutcomeContext {
  readonly nowMs: number;
  readonly random: Random;
}

/** The event that records what became of an attempt. */
export function eventOf(
  state: RunState,
  step: Step,
  outcome: StepOutcome,
  context: OutcomeContext,
): RunEvent {
  const attempt = state.steps.get(step.id)?.attempts.length ?? 1;
  const at = { step: step.id, attempt } as const;
  if (outcome.is === 'done') {
    const { is: _, sources, ...data } = outcome;
    return { type: 'step.completed', ...at, data: { ...withoutUndefined(data), sources: [...sources] } };
  }
  if (outcome.is === 'expanded') {
    return expanded(state, step, outcome);
  }
  if (outcome.is === 'waiting') {
    return { type: 'step.waiting', ...at, data: { input: outcome.input, wait: writtenWait(outcome.wait) } };
  }
  if (outcome.is === 'left-out') {
    return { type: 'step.skipped', ...at, data: { by: 'workflow', why: outcome.why } };
  }
  const { cost, failure } = outcome;
  const doubtful = outcome.is === 'failed' && outcome.inDoubt ? { inDoubt: true } : {};
  if (outcome.is === 'wanting' && step.kind === 'check' && step.onFail) {
    const sentBack = state.steps.get(step.id)?.sentBack ?? 0;
    if (sentBack < step.onFail.max) {
      const to = step.onFail.revise;
      const resets = resetsFrom(state, to);
      const feedback = { ...outcome.feedback, findings: [...outcome.feedback.findings] };
      return { type: 'step.sent-back', ...at, data: { to, by: step.id, feedback, resets, cost } };
    }
  }
  const retryAtMs = retryTime(state, step, failure, context);
  return {
    type: 'step.failed',
    ...at,
    data: { failure, cost, ...doubtful, ...(retryAtMs ? { retryAtMs } : {}) },
  };
}

/** When to try again: only what may pass by itself, with doubling waits and up to a quarter of jitter. */
function retryTime(
  state: RunState,
  step: Step,
  failure: Failure,
  { nowMs, random }: OutcomeContext,
): number | undefined {
  const tries = triesOf(state, step, failure);
  if (failure.retry !== 'later' || tries >= step.maxAttempts) return undefined;
  const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.max(0, tries - 1));
  const jittered = Math.round(wait * (1 + random.next() / 4));
  return nowMs + Math.max(jittered, failure.retryAfterMs ?? 0);
}

/** Attempts that count as tries: in an outage the step waits for its end, within a limit. */
function triesOf({ steps }: RunState, { id }: Step, failure: Failure): number {
  const at = steps.get(id);
  if (!at) return 1;
  const before = at.attempts.slice(at.attemptsBefore, -1).filter(metOutage).length;
  const outages = before + (failure.inOutage ? 1 : 0);
  return at.attempts.length - at.attemptsBefore - Math.min(outages, limits.outageWaits);
}

/** Whether an attempt met a side that was known not to answer. */
export function metOutage({ failure }: Attempt): boolean {
  return failure?.inOutage === true;
}

/** What is kept of an outcome that its step no longer waits for: what was done outside, or may have been, or was not. */
export function noteOf(
  { doubts }: Pick<RunState, 'doubts'>,
  { step: { id: step }, attempt }: Pick<StepTask, 'step' | 'attempt'>,
  outcome: StepOutcome,
): RunEvent[] {
  const sending = doubts.get(attempt.key);
  if (!sending) return [];
  const { key } = sending;
  switch (outcome.is) {
    case 'waiting':
      return [{ type: 'effect.noted', data: { step, key } }];
    case 'done': {
      const given = isObject(outcome.input) ? outcome.input.with : undefined;
      const receipt = (isObject(outcome.output) ? outcome.output.receipt : undefined) ?? null;
      const data = { step, key, ...(given === undefined ? {} : { with: given }), receipt };
      return [{ type: 'effect.noted', data }];
    }
    case 'failed':
      if (outcome.inDoubt) return [{ type: 'effect.noted', data: { step, key } }];
      return [{ type: 'effect.unsent', data: { step, attempt: attempt.number } }];
    default:
      return [{ type: 'effect.unsent', data: { step, attempt: attempt.number } }];
  }
}

function expanded(state: RunState, step: Step, outcome: Extract<StepOutcome, { is: 'expanded' }>): RunEvent {
  const { input, parts, steps } = outcome;
  const attempt = state.steps.get(step.id)?.attempts.length ?? 1;
  const data = { input, parts: parts.map(writable), ...(steps ? { steps: toJson(steps) } : {}) };
  const added = expands(step) ? partSteps(step, state.definition, data).length : 0;
  if (state.steps.size + added <= limits.stepsPerRun) {
    return { type: 'step.expanded', step: step.id, attempt, data };
  }
  const failure = tooManySteps(step.name, state.steps.size + added);
  return { type: 'step.failed', step: step.id, attempt, data: { failure, cost: noCost } };
}

function tooManySteps(name: string, steps: number): Failure {
  return {
    code: 'limit.reached',
    message: `With “${name}” the run would have ${steps} steps; it may have ${limits.stepsPerRun}.`,
    retry: 'operator',
    kept: 'Everything done so far is kept.',
    remedy: 'Give it fewer items, or start a run for each batch of them.',
  };
}

/** What a step waits for, as the journal holds it. */
export function writtenWait(wait: Wait): RunEventOf<'step.waiting'>['data']['wait'] {
  const plain = withoutUndefined(wait);
  return 'options' in plain ? { ...plain, options: [...plain.options] } : plain;
}

function writable(part: Part) {
  const { inputs, writes, ...rest } = withoutUndefined({ ...part });
  return {
    ...rest,
    ...(inputs ? { inputs: { ...inputs } } : {}),
    ...(writes ? { writes: [...writes] } : {}),
  };
}

function withoutUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}
