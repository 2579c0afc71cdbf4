import type { StepOutcome } from './ports.ts';
import { resetsFrom } from './resets.ts';
import type { Failure } from '../base/failure.ts';
import type { RunEvent } from '../contracts/journal.ts';
import type { RunState } from '../contracts/run.ts';
import type { Step } from '../contracts/workflow.ts';
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
  if (outcome.is === 'left-out') {
    return { type: 'step.skipped', ...at, data: { by: 'workflow', why: outcome.why } };
  }
  const { cost, failure } = outcome;
  if (outcome.is === 'wanting' && step.kind === 'check' && step.onFail) {
    const sentBack = state.steps.get(step.id)?.sentBack ?? 0;
    if (sentBack < step.onFail.max) {
      const to = step.onFail.revise;
      const resets = resetsFrom(state.definition.workflow, to);
      const feedback = { ...outcome.feedback, findings: [...outcome.feedback.findings] };
      return { type: 'step.sent-back', ...at, data: { to, by: step.id, feedback, resets, cost } };
    }
  }
  const retryAtMs = retryTime(state, step, failure, context);
  return { type: 'step.failed', ...at, data: { failure, cost, ...(retryAtMs ? { retryAtMs } : {}) } };
}

/** When to try again: only what may pass by itself, with doubling waits and up to a quarter of jitter. */
function retryTime(
  state: RunState,
  step: Step,
  failure: Failure,
  { nowMs, random }: OutcomeContext,
): number | undefined {
  const at = state.steps.get(step.id);
  const tries = (at?.attempts.length ?? 1) - (at?.attemptsBefore ?? 0);
  if (failure.retry !== 'later' || tries >= step.maxAttempts) return undefined;
  const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tries - 1));
  const jittered = Math.round(wait * (1 + random.next() / 4));
  return nowMs + Math.max(jittered, failure.retryAfterMs ?? 0);
}

function withoutUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}
