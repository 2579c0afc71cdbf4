import type { Folding } from './folding.ts';
import { gateWakesAtMs } from './gate-timers.ts';
import { waitOf } from './waits.ts';

/**
 * When time alone moves the run next after `sinceMs`: another try, the end of a wait, a gate's reminder or expiry. What
 * was due before has been looked at, and waits for a place alone.
 */
export function wakesAtMs(state: Folding, sinceMs = -Infinity): number | undefined {
  const { steps, gates } = state;
  const retries = [...steps.in('retrying')].flatMap((id) => {
    const status = steps.get(id)?.status;
    return status?.is === 'retrying' ? status.atMs : [];
  });
  const waits = [...steps.in('waiting')].flatMap((id) => {
    const at = steps.get(id);
    return (at && waitOf(at)?.untilMs) ?? [];
  });
  const asks = [...gates.values()].flatMap((gate) => gateWakesAtMs(state, gate) ?? []);
  const next = Math.min(...[...retries, ...waits, ...asks].filter((atMs) => atMs > sinceMs));
  return Number.isFinite(next) ? next : undefined;
}
