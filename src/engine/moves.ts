import { approvedProposals, canApply } from './application.ts';
import type { Folding } from './folding.ts';
import { gateMoves, openGate } from './gates.ts';
import { gateTimers } from './gate-timers.ts';
import { metOutage, writtenWait } from './outcomes.ts';
import { isOver } from './run-status.ts';
import type { Workshop } from './ports.ts';
import { MapShares } from './map-shares.ts';
import { wakesAtMs } from './wakes.ts';
import { waitMoves } from './waits.ts';
import { awaiting } from './waiting.ts';
import { budgetQuestion, isBudgetAsked } from './spending.ts';
import { limits } from '../base/limits.ts';
import type { RunEvent } from '../contracts/journal.ts';
import { noCost } from '../contracts/proposal.ts';
import type { ProposalSlot, StepState, Wait } from '../contracts/run.ts';
import { proposes } from '../contracts/workflow.ts';

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

/**
 * The next moves of a run. Deterministic: the same state and situation give the same moves. Looks at what can
 * move alone, so it costs the same however many steps the run has.
 */
export function nextMoves(state: Folding, situation: Situation): Moves {
  if (isOver(state)) return none;
  const waiting = waitingMoves(state, situation);
  if (waiting.length > 0) return { events: waiting, attempts: [] };
  const moves = stepMoves(state, situation);
  const canMove = moves.events.length + moves.attempts.length + situation.inFlight.size > 0;
  const applies = approvedProposals(state).some((proposal) => canApply(state, proposal));
  if (canMove || moves.wakeAtMs !== undefined || applies) return moves;
  const end = ending(state);
  return end ? { events: [end], attempts: [] } : moves;
}

/** What policy, decisions, the time and what has happened mean for what waits. */
function waitingMoves(state: Folding, { nowMs, askPolicy }: Situation): readonly RunEvent[] {
  const gates = gateMoves(state, askPolicy);
  if (gates.length > 0) return gates;
  const timers = gateTimers(state, nowMs);
  return timers.length > 0 ? timers : waitMoves(state, nowMs);
}

function stepMoves(state: Folding, { nowMs, inFlight }: Situation): Moves {
  const { steps } = state;
  for (const id of steps.readyGates) return { events: openGate(state, id, nowMs), attempts: [] };
  for (const id of steps.carriedOut) return { events: [carriedOut(state, id)], attempts: [] };
  const events: RunEvent[] = [];
  let free = state.nextProposal;
  // Those that are started and not in flight yet have their places too.
  const places = limits.stepsInParallel - steps.in('running').size;
  for (const id of startable(state, nowMs, places)) {
    const at = steps.get(id);
    if (!at) continue;
    const question = budgetQuestion(state, at);
    if (question) {
      events.push(...asks(state, at, question));
      break;
    }
    const slot = slotOf(state, at, free);
    if (slot?.n === free) free += 1;
    events.push(...start(state, at, slot));
  }
  const attempts = [...steps.in('running')].filter((id) => !inFlight.has(id));
  return { events, attempts, wakeAtMs: wakesAtMs(state, nowMs) };
}

/** Steps that are due, as many as find a place. */
function startable(state: Folding, nowMs: number, places: number): string[] {
  if (isBudgetAsked(state)) return [];
  const found: string[] = [];
  const shares = new MapShares(state);
  for (const id of state.steps.in('retrying')) {
    if (found.length < places && retryTime(state, id) <= nowMs && shares.take(id)) found.push(id);
  }
  for (const id of state.steps.readyWork) {
    if (found.length >= places) break;
    if (shares.take(id)) found.push(id);
  }
  return found;
}

/** The step waits until the operator says whether it may spend more. */
function asks(state: Folding, at: StepState, wait: Wait): RunEvent[] {
  const place = { step: at.id, attempt: at.attempts.length + 1 } as const;
  const key = `${state.id}/${at.id}/${place.attempt}`;
  return [
    { type: 'step.started', ...place, data: { key } },
    { type: 'step.waiting', ...place, data: { input: {}, wait: writtenWait(wait) } },
  ];
}

/** All of its own steps are done, so the step is. What they have answered is read from them. */
function carriedOut(state: Folding, id: string): RunEvent {
  const at = state.steps.get(id);
  if (!at) throw new Error(`There is no step ${id}`);
  return {
    type: 'step.completed',
    step: id,
    attempt: at.attempts.length,
    data: { input: {}, output: { parts: at.parts.length }, cost: noCost, sources: [] },
  };
}

function retryTime(state: Folding, id: string): number {
  const status = state.steps.get(id)?.status;
  return status?.is === 'retrying' ? status.atMs : Infinity;
}

function start(state: Folding, at: StepState, proposal: ProposalSlot | undefined): RunEvent[] {
  const { step } = at;
  const attempt = at.attempts.length + 1;
  const data = { key: `${state.id}/${step.id}/${attempt}`, ...(proposal ? { proposal } : {}) };
  const started: RunEvent = { type: 'step.started', step: step.id, attempt, data };
  const failure = tooManyAttempts(at);
  if (!failure) return [started];
  return [started, { type: 'step.failed', step: step.id, attempt, data: { failure, cost: noCost } }];
}

/**
 * Where a step's proposal goes. A step that is tried again makes the next version of its proposal, as long as
 * that was not decided; `free` is the next number that nobody has.
 */
function slotOf(state: Folding, at: StepState, free: number): ProposalSlot | undefined {
  if (!proposes(at.step)) return undefined;
  const slots = at.attempts.flatMap(({ slot }) => slot ?? []).toReversed();
  for (const { n } of slots) {
    const made = state.proposals.get(n);
    const reusable = made?.status.is === 'open' || made?.status.is === 'revising';
    if (made && reusable) return { n, version: made.versions.length + 1 };
  }
  const [reserved] = slots;
  return reserved && !state.proposals.has(reserved.n) ? reserved : { n: free, version: 1 };
}

function tooManyAttempts({ step, attempts }: StepState) {
  if (attempts.filter((attempt) => !metOutage(attempt)).length < limits.attemptsPerStep) return undefined;
  return {
    code: 'limit.reached',
    message: `${step.name} was tried ${limits.attemptsPerStep} times.`,
    retry: 'never',
    remedy: 'Look at its attempts in the timeline, change the workflow or its input, and start a new run.',
  } as const;
}

/** How the run ends, once nothing can move any more and nobody is asked anything. */
function ending(state: Folding): RunEvent | undefined {
  const { steps } = state;
  if (steps.isComplete) return { type: 'run.completed', data: {} };
  // Whatever has failed, what the operator is asked for is decided first.
  if (awaiting(state).length > 0 || isAsked(state)) return undefined;
  const failed = steps.in('failed');
  const id = [...steps.keys()].find((one) => failed.has(one));
  const status = id === undefined ? undefined : steps.get(id)?.status;
  if (id === undefined || status?.is !== 'failed') return undefined;
  const { failure } = status;
  if (failure.code === 'operator.rejected') {
    return { type: 'run.stopped', data: { why: failure.message, by: 'operator' } };
  }
  return { type: 'run.failed', data: { step: id, failure } };
}

/** Whether a step waits for the operator's answer. */
function isAsked({ steps }: Folding): boolean {
  return [...steps.in('waiting')].some((id) => {
    const status = steps.get(id)?.status;
    return status?.is === 'waiting' && status.for === 'answer';
  });
}
