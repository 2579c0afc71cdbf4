import { setTimeout as delay } from 'node:timers/promises';
import { gitFailures } from '../../base/failures/git.ts';
import { AppError } from '../../base/failure.ts';
import { limits } from '../../base/limits.ts';
import type { GitContext } from './git-context.ts';
import { exists } from './repository-state.ts';

const pauseMs = 50;
const tries = limits.gitLockWaitMs / pauseMs;

/** Waits until no other git process holds the index. Throws `git.busy` when that takes too long. */
export async function waitForIndex(context: GitContext): Promise<void> {
  const lock = `${context.layout.indexFile}.lock`;
  for (let left = tries; await exists(lock); left -= 1) {
    if (left === 0) throw gitFailures.locked(lock);
    await delay(pauseMs);
  }
}

/** Does something with the index, again after a pause if another git process was quicker. */
export async function withIndex<T>(context: GitContext, action: () => Promise<T>): Promise<T> {
  for (let left = tries; ; left -= 1) {
    await waitForIndex(context);
    try {
      return await action();
    } catch (thrown) {
      const raced = thrown instanceof AppError && thrown.message.includes('index.lock');
      if (!raced || left === 0) throw thrown;
      await delay(pauseMs);
    }
  }
}
