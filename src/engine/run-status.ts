import type { RunState } from '../contracts/run.ts';

/** Whether the run has ended, for good or until it is retried. */
export function isOver({ status }: Pick<RunState, 'status'>): boolean {
  return status.is !== 'running' && status.is !== 'waiting';
}
