import type { Folding } from './folding.ts';
import { limits } from '../base/limits.ts';
import type { Failure } from '../base/failure.ts';
import type { RunEvent } from '../contracts/journal.ts';
import { noCost } from '../contracts/proposal.ts';
import type { GateOpening, ProposalState } from '../contracts/run.ts';

/** What time means for the gates that wait: reminders, and what was declared for when nobody decides. */
export function gateTimers(state: Folding, nowMs: number): RunEvent[] {
  return [...state.gates].flatMap(([step, gate]) => {
    const open = openIn(state, gate);
    if (open.length === 0) return [];
    const attempt = state.steps.get(step)?.attempts.length ?? 1;
    if (gate.untilMs !== undefined && gate.untilMs <= nowMs) return expiry(step, attempt, gate, open);
    const remindAtMs = reminderOf(gate);
    return remindAtMs !== undefined && remindAtMs <= nowMs
      ? [{ type: 'gate.reminded', step, attempt, data: {} }]
      : [];
  });
}

/** When a gate is to be looked at again. */
export function gateWakesAtMs(state: Pick<Folding, 'proposals'>, gate: GateOpening): number | undefined {
  if (openIn(state, gate).length === 0) return undefined;
  const next = Math.min(gate.untilMs ?? Infinity, reminderOf(gate) ?? Infinity);
  return Number.isFinite(next) ? next : undefined;
}

/** Whoever comes late reminds once, not as often as it was missed. */
function reminderOf({ openedAtMs, remindEveryMs, reminders, remindedAtMs }: GateOpening): number | undefined {
  if (remindEveryMs === undefined || reminders >= limits.reminders) return undefined;
  return (remindedAtMs ?? openedAtMs) + remindEveryMs;
}

function openIn({ proposals }: Pick<Folding, 'proposals'>, gate: GateOpening): readonly ProposalState[] {
  return gate.proposals.flatMap((n) => proposals.get(n) ?? []).filter(({ status }) => status.is === 'open');
}

/** The declared default is the operator's word, but never for what comes from outside (promise P7). */
function expiry(
  step: string,
  attempt: number,
  { otherwise }: GateOpening,
  open: readonly ProposalState[],
): RunEvent[] {
  const tainted = open.some(({ versions }) => versions.at(-1)?.tainted);
  if (otherwise === undefined || (otherwise === 'approve' && tainted)) {
    return [{ type: 'step.failed', step, attempt, data: { failure: undecided(tainted), cost: noCost } }];
  }
  return open.flatMap(({ versions }) => {
    const last = versions.at(-1);
    if (!last) return [];
    const { n, version, commit } = last;
    const who = 'Nobody decided in time.';
    return [{ type: 'decision.made', data: { n, version, commit, verdict: otherwise, by: 'policy', who } }];
  });
}

function undecided(tainted: boolean): Failure {
  return {
    code: 'wait.expired',
    message: tainted
      ? 'Nobody decided in time, and what rests on text from outside is not approved by default.'
      : 'Nobody decided in time.',
    retry: 'operator',
    kept: 'The proposals are kept; nothing of them was applied.',
    remedy: 'Retry the step to ask again, or stop the run.',
  };
}
