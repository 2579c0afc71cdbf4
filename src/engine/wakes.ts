import type { Folding } from './folding.ts';
import { gateWakesAtMs } from './gate-timers.ts';
import type { StepTable } from './step-table.ts';
import { waitOf } from './waits.ts';
import type { Wait } from '../contracts/run.ts';

/**
 * When time alone moves the run next after `sinceMs`: another try, the end of a wait, a gate's reminder or expiry. What
 * was due before has been looked at, and waits for a place alone.
 */
export function wakesAtMs(state: Folding, sinceMs = -Infinity): number | undefined {
  return earliest(wakeTimes(state), sinceMs);
}

/** Every time that something of the run waits for. */
export function wakeTimes({ steps, gates, proposals }: Folding): readonly number[] {
  const asks = [...gates.values()].flatMap((gate) => gateWakesAtMs({ proposals }, gate) ?? []);
  return [...retries(steps), ...waits(steps, () => true), ...asks];
}

/**
 * Until when a process stays with a run that nothing else moves. What the operator is asked is not stayed for, however
 * soon it expires: a process that stays keeps the question to itself.
 */
export function staysUntilMs({ steps }: Folding, sinceMs: number): number | undefined {
  return earliest([...retries(steps), ...waits(steps, (wait) => wait.for !== 'answer')], sinceMs);
}

function retries(steps: StepTable): number[] {
  return [...steps.in('retrying')].flatMap((id) => {
    const status = steps.get(id)?.status;
    return status?.is === 'retrying' ? status.atMs : [];
  });
}

function waits(steps: StepTable, isWanted: (wait: Wait) => boolean): number[] {
  return [...steps.in('waiting')].flatMap((id) => {
    const at = steps.get(id);
    const wait = at && waitOf(at);
    return wait && isWanted(wait) ? (wait.untilMs ?? []) : [];
  });
}

function earliest(times: readonly number[], sinceMs: number): number | undefined {
  const next = Math.min(...times.filter((atMs) => atMs > sinceMs));
  return Number.isFinite(next) ? next : undefined;
}
