import { onTestFinished } from 'vitest';
import type { FailureCode } from '../../src/base/failure.ts';
import type { RunEvent } from '../../src/contracts/journal.ts';
import type { RunLease, RunOrder, RunStore } from '../../src/contracts/runs.ts';

export const run = '20260105-content-loop-ab12';
export const resumed = (by: string): RunEvent => ({ type: 'run.resumed', data: { by } });
export const completed: RunEvent = { type: 'run.completed', data: {} };
export const started = (step: string, attempt = 1): RunEvent => ({
  type: 'step.started',
  step,
  attempt,
  data: { key: `${run}/${step}/${attempt}` },
});
export const stop = (id: string): RunOrder => ({ kind: 'stop', id, who: 'Ada <ada@example.org>' });
export const retry = (id: string): RunOrder => ({ kind: 'retry', id, who: 'Ada <ada@example.org>' });

/** Takes a run that nobody has, at most until the test is over. */
export async function take(store: RunStore, of: string): Promise<RunLease> {
  const lease = await store.lease(of);
  if (lease === 'held') throw new Error(`${of} is held`);
  onTestFinished(() => lease.release());
  return lease;
}

/** What a refusal looks like, to be matched. */
export function failure(code: FailureCode): object {
  return { name: 'AppError', failure: { code } };
}
