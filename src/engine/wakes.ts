import type { Folding } from './folding.ts';
import { gateWakesAtMs } from './gate-timers.ts';
import { waitOf } from './waits.ts';

/**
 * When time alone moves the run next after `sinceMs`: another try, the end of a wait, a gate's reminder or expiry. What
 * was due before has been looked at, and waits for a place alone.
 */
export function wakesAtMs(state: Folding, sinceMs = -Infinity): number | undefined {
  const next = Math.min(...wakeTimes(state).filter((atMs) => atMs > sinceMs));
  return Number.isFinite(next) ? next : undefined;
}

/** Every time that something of the run waits for. */
export function wakeTimes({ steps, gates, proposals }: Folding): readonly number[] {
  const retries = [...steps.in('retrying')].flatMap((id) => {
    const status = steps.get(id)?.status;
    return status?.is === 'retrying' ? status.atMs : [];
  });
  const waits = [...steps.in('waiting')].flatMap((id) => {
    const at = steps.get(id);
    return (at && waitOf(at)?.untilMs) ?? [];
  });
  const asks = [...gates.values()].flatMap((gate) => gateWakesAtMs({ proposals }, gate) ?? []);
  return [...retries, ...waits, ...asks];
}
