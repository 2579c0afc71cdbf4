import { canApply } from './application.ts';
import { gateMoves, openGate } from './gates.ts';
import { isOver } from './run-status.ts';
import type { Workshop } from './ports.ts';
import { awaiting } from './waiting.ts';
import { spentBudget } from './spending.ts';
import { limits } from '../base/limits.ts';
import type { RunEvent } from '../contracts/journal.ts';
import { noCost } from '../contracts/proposal.ts';
import type { ProposalSlot, RunState, StepState } from '../contracts/run.ts';
import { proposes } from '../contracts/workflow.ts';
import type { Step } from '../contracts/workflow.ts';

/** What follows from a run's state: events to record now, and attempts to be made once they are on disk. */
export interface Moves {
  readonly events: readonly RunEvent[];
  /** Steps whose attempt has to be made, whether just started or left over from a crash. */
  readonly attempts: readonly string[];
  /** When to look again, if nothing else happens before. */
  readonly wakeAtMs?: number | undefined;
}

export interface Situation {
  readonly nowMs: number;
  /** Steps whose attempt is being made by this process. */
  readonly inFlight: ReadonlySet<string>;
  readonly askPolicy: Workshop['askPolicy'];
}

const none: Moves = { events: [], attempts: [] };

/** The next moves of a run. Deterministic: the same state and situation give the same moves. */
export function nextMoves(state: RunState, situation: Situation): Moves {
  if (isOver(state)) return none;
  const gates = gateMoves(state, situation.askPolicy);
  if (gates.length > 0) return { events: gates, attempts: [] };
  const moves = stepMoves(state, situation);
  const canMove = moves.events.length + moves.attempts.length + situation.inFlight.size > 0;
  const applies = [...state.proposals.values()].some((proposal) => canApply(state, proposal));
  if (canMove || moves.wakeAtMs !== undefined || applies) return moves;
  const end = ending(state);
  return end ? { events: [end], attempts: [] } : moves;
}

function stepMoves(state: RunState, situation: Situation): Moves {
  const events: RunEvent[] = [];
  const attempts: string[] = [];
  let wakeAtMs: number | undefined;
  let running = situation.inFlight.size;
  let free = state.nextProposal;
  for (const step of state.definition.workflow.steps) {
    const at = state.steps.get(step.id);
    if (!at) continue;
    if (at.status.is === 'running' && !situation.inFlight.has(step.id)) attempts.push(step.id);
    if (at.status.is === 'retrying' && at.status.atMs > situation.nowMs) {
      wakeAtMs = Math.min(wakeAtMs ?? Infinity, at.status.atMs);
    }
    if (!isReady(state, at, step, situation.nowMs)) continue;
    if (step.kind === 'gate') return { events: openGate(state, step, at.attempts.length + 1), attempts: [] };
    if (running >= limits.stepsInParallel) continue;
    running += 1;
    const slot = slotOf(state, step, at, free);
    if (slot?.n === free) free += 1;
    events.push(...start(state, step, at, slot));
  }
  return { events, attempts, wakeAtMs };
}

function isReady(state: RunState, at: StepState, step: Step, nowMs: number): boolean {
  if (at.status.is === 'retrying') return at.status.atMs <= nowMs;
  return (
    at.status.is === 'pending' && step.needs.every((id) => state.steps.get(id)?.status.is === 'succeeded')
  );
}

function start(state: RunState, step: Step, at: StepState, proposal: ProposalSlot | undefined): RunEvent[] {
  const attempt = at.attempts.length + 1;
  const data = { key: `${state.id}/${step.id}/${attempt}`, ...(proposal ? { proposal } : {}) };
  const started: RunEvent = { type: 'step.started', step: step.id, attempt, data };
  const failure = spentBudget(state) ?? tooManyAttempts(step, attempt);
  if (!failure) return [started];
  return [started, { type: 'step.failed', step: step.id, attempt, data: { failure, cost: noCost } }];
}

/**
 * Where a step's proposal goes. A step that is tried again makes the next version of its proposal, as long as
 * that was not decided; `free` is the next number that nobody has.
 */
function slotOf(state: RunState, step: Step, at: StepState, free: number): ProposalSlot | undefined {
  if (!proposes(step)) return undefined;
  for (const { n, step: by, status, versions } of [...state.proposals.values()].toReversed()) {
    const reusable = status.is === 'open' || status.is === 'revising';
    if (by === step.id && reusable) return { n, version: versions.length + 1 };
  }
  const reserved = at.attempts.at(-1)?.slot;
  return reserved && !state.proposals.has(reserved.n) ? reserved : { n: free, version: 1 };
}

function tooManyAttempts(step: Step, attempt: number) {
  if (attempt <= limits.attemptsPerStep) return undefined;
  return {
    code: 'limit.reached',
    message: `${step.name} was tried ${limits.attemptsPerStep} times.`,
    retry: 'never',
    remedy: 'Look at its attempts in the timeline, change the workflow or its input, and start a new run.',
  } as const;
}

/** How the run ends, once nothing can move any more and nobody is asked anything. */
function ending(state: RunState): RunEvent | undefined {
  const steps = [...state.steps.values()];
  if (steps.every(({ status }) => status.is === 'succeeded')) return { type: 'run.completed', data: {} };
  if (awaiting(state).length > 0) return undefined;
  for (const { id, status } of steps) {
    if (status.is !== 'failed') continue;
    const { failure } = status;
    if (failure.code === 'operator.rejected') {
      return { type: 'run.stopped', data: { why: failure.message, by: 'operator' } };
    }
    return { type: 'run.failed', data: { step: id, failure } };
  }
  return undefined;
}
