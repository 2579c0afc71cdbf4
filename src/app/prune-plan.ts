import { limits } from '../base/limits.ts';
import type { FolderSize } from '../contracts/archive.ts';
import type { Policy } from '../contracts/policy.ts';
import type { RunStatus } from '../contracts/run.ts';

const dayMs = 24 * 60 * 60_000;

/** What is kept of runs that are over. */
export interface Retention {
  readonly days: number;
  readonly megabytes: number;
  readonly archiveDays: number;
}

export interface LocalRun extends FolderSize {
  readonly run: string;
  /** Nothing when the run cannot be read. */
  readonly status: RunStatus['is'] | undefined;
}

/** A folder that may go, and which limit it is over. */
export interface Removal {
  readonly run: string;
  readonly bytes: number;
  readonly why: 'age' | 'size';
}

export function retentionOf({ retention = {} }: Policy): Retention {
  const { days, megabytes, archiveDays } = limits.retention;
  return {
    days: retention.days ?? days,
    megabytes: retention.megabytes ?? megabytes,
    archiveDays: retention.archiveDays ?? archiveDays,
  };
}

export function limitBytes({ megabytes }: Retention): number {
  return megabytes * 1_000_000;
}

export function totalBytes(folders: readonly { readonly bytes: number }[]): number {
  return folders.reduce((sum, { bytes }) => sum + bytes, 0);
}

/**
 * Which folders may go: of runs that have ended, the oldest first, those that are too old, and more of them while all
 * folders together are too large. A failed run may be retried, so its folder goes by age alone; one that is under way,
 * waits or cannot be read is never named.
 */
export function planRemovals(
  runs: readonly LocalRun[],
  retention: Retention,
  nowMs: number,
): readonly Removal[] {
  const removals: Removal[] = [];
  let excess = totalBytes(runs) - limitBytes(retention);
  for (const { run, bytes, status, writtenAtMs } of oldestFirst(runs)) {
    const isDone = status === 'succeeded' || status === 'stopped';
    if (!isDone && status !== 'failed') continue;
    const isOld = isOlder(writtenAtMs, retention.days, nowMs);
    if (!isOld && !(isDone && excess > 0)) continue;
    removals.push({ run, bytes, why: isOld ? 'age' : 'size' });
    excess -= bytes;
  }
  return removals;
}

/** Whether something of `atMs` is older than so many days. */
export function isOlder(atMs: number, days: number, nowMs: number): boolean {
  return nowMs - atMs > days * dayMs;
}

function oldestFirst(runs: readonly LocalRun[]): readonly LocalRun[] {
  return runs.toSorted((a, b) => a.writtenAtMs - b.writtenAtMs);
}
