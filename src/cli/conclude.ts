import { describeWaits } from './describe-waits.ts';
import { exitCodes } from './exit-codes.ts';
import type { Shell } from './shell.ts';
import type { Driven, ProposalSummary } from '../app/cairn.ts';
import { describeFailure } from '../base/failure.ts';
import type { RunState } from '../contracts/run.ts';
import { effectName, effectsInDoubt } from '../contracts/sending.ts';
import { editableInput } from '../engine/edited-step.ts';
import { runWaits } from '../insight/waits.ts';
import type { RunWait } from '../protocol/waits.ts';
import { doubtText } from '../protocol/wording.ts';

export interface Rest {
  readonly driven: Driven;
  readonly waiting: readonly ProposalSummary[];
  /** Being stopped is what was asked for, not a failure. */
  readonly expectStop: boolean;
  /** What a program is told besides. */
  readonly about?: Readonly<Record<string, unknown>> | undefined;
}

/** Tells where a run has come to rest, and sets the exit code. */
export function conclude({ terminal, finish }: Shell, state: RunState, rest: Rest): void {
  const { driven, waiting, expectStop, about } = rest;
  const { id, status } = state;
  const waits = runWaits(state);
  terminal.answer({ ...about, run: id, status, driven, proposals: waiting, waits }, () =>
    driven === 'held'
      ? `Another process executes ${id} and takes it from here. See: cairn show ${id}`
      : restText(state, rest, waits),
  );
  if (driven === 'held') return;
  if (driven === 'waiting') finish(exitCodes.waiting);
  const isLost = status.is === 'failed' || (status.is === 'stopped' && !expectStop);
  if (driven === 'interrupted' || isLost) finish(exitCodes.failed);
}

function restText(state: RunState, { driven, waiting }: Rest, waits: readonly RunWait[]): string {
  const { id, status } = state;
  switch (status.is) {
    case 'succeeded':
      return `\nDone: ${id}`;
    case 'stopped':
      return [`\nStopped: ${id}. ${status.why}`, ...doubtLines(state)].join('\n');
    case 'failed':
      return `\nFailed: ${id}. ${describeFailure(status.failure)}\n${remedyCommands(state)}`;
    case 'running':
    case 'waiting':
      return driven === 'interrupted'
        ? `\nInterrupted: ${id}. Everything done is kept.\nGo on: cairn resume ${id}`
        : waitingText(state, waiting, waits);
  }
}

function waitingText(
  { id, status }: RunState,
  proposals: readonly ProposalSummary[],
  waits: readonly RunWait[],
): string {
  const told = describeWaits(id, waits, Date.now());
  const isAsked = waits.some(({ wait }) => wait.for === 'decision');
  const decide = isAsked || told === '' ? nextCommands(id, proposals) : '';
  const asked = isAsked && status.is === 'waiting' ? `${id} waits for ${status.for}.` : `${id} waits.`;
  return ['', asked, decide, told].filter((line, place) => place === 0 || line !== '').join('\n');
}

/** What may have left when the run was stopped: an undo looks for it, or asks. */
function doubtLines(state: RunState): string[] {
  const doubt = doubtText(effectsInDoubt(state).map(effectName));
  return doubt === '' ? [] : [doubt, `Take back what was done: cairn revert ${state.id}`];
}

/** What the operator can do about a failed run, as commands. */
function remedyCommands({ id, status, steps, proposals }: RunState): string {
  const failed = status.is === 'failed' ? status.step : undefined;
  const step = failed === undefined ? undefined : steps.get(failed)?.step;
  const lines = [`Try again: cairn retry ${id}`];
  if (step && Object.keys(editableInput(step)).length > 0) {
    const [name = ''] = Object.keys(editableInput(step));
    lines.push(`With another input: cairn retry ${id} --step ${step.id} --with ${name}=…`);
  }
  if (step && step.kind !== 'gate') {
    lines.push(`Do it by hand: cairn take ${id} ${step.id}`);
    lines.push(`Go on without it: cairn skip ${id} ${step.id} --why …`);
  }
  const applied = [...proposals.values()].some((proposal) => proposal.status.is === 'applied');
  if (applied) lines.push(`Take back what was applied: cairn revert ${id}`);
  return lines.join('\n');
}

function nextCommands(run: string, waiting: readonly ProposalSummary[]): string {
  if (waiting.length === 0) return `Go on: cairn resume ${run}`;
  const ids = waiting.map(({ id, current }) => `${id}@${current.version}`).join(' ');
  return `Look: cairn proposals --diff\nDecide: cairn approve ${ids}`;
}
