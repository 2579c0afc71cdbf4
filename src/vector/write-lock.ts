import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { indexBusy } from '../base/failures/memory.ts';
import { hasCode } from './system-error.ts';

/** No write takes this long; a lock so old is of a process that hangs, or of another machine that crashed. */
const oldestMs = 60_000;
/** A lock without its text is being written, or its process was killed just then. */
const oldestEmptyMs = 1_000;
const pollMs = 15;

/** Holds the right to write. */
export interface HeldLock {
  /** Throws `index.failed` when another process has taken the lock over. */
  confirm(): Promise<void>;
}

/**
 * Runs `work` while no other process writes. A lock left by a killed process is taken over. Throws
 * `index.failed` when a living process holds it for longer than `waitMs`.
 */
export async function withWriteLock<T>(
  path: string,
  waitMs: number,
  work: (lock: HeldLock) => Promise<T>,
): Promise<T> {
  const text = JSON.stringify({ pid: process.pid, host: hostname(), token: randomUUID() });
  await acquire(path, text, waitMs);
  try {
    return await work({
      confirm: async () => {
        if ((await textOf(path)) !== text) throw indexBusy(path, oldestMs);
      },
    });
  } finally {
    if ((await textOf(path)) === text) await rm(path, { force: true });
  }
}

async function acquire(path: string, text: string, waitMs: number): Promise<void> {
  const untilMs = performance.now() + waitMs;
  while (!(await created(path, text))) {
    const left = await leftBehind(path);
    if (left !== undefined) await removeLeft(path, left);
    else if (performance.now() > untilMs) throw indexBusy(path, waitMs);
    else await delay(pollMs);
  }
}

async function created(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: 'wx' });
    return true;
  } catch (thrown) {
    // Windows answers EPERM for a file that is just being deleted.
    if (hasCode(thrown, 'EEXIST', 'EPERM')) return false;
    throw thrown;
  }
}

/** The text of a lock whose process is gone; nothing when the lock holds, or is no longer there. */
async function leftBehind(path: string): Promise<string | undefined> {
  const text = await textOf(path);
  const found = await stat(path).catch(() => undefined);
  if (text === undefined || !found) return undefined;
  const ageMs = Date.now() - found.mtimeMs;
  const holder = holderIn(text);
  if (!holder) return ageMs > oldestEmptyMs ? text : undefined;
  const gone = holder.host === hostname() && !isAlive(holder.pid);
  return gone || ageMs > oldestMs ? text : undefined;
}

/** Of several processes that want to remove the same lock, one gets to move it aside. */
async function removeLeft(path: string, left: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (thrown) {
    if (hasCode(thrown, 'ENOENT', 'EPERM', 'EACCES')) return;
    throw thrown;
  }
  // Meanwhile another process may have removed the old lock and made its own: that one is put back.
  if ((await textOf(aside)) !== left) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

async function textOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}

function holderIn(text: string): { pid: number; host: string } | undefined {
  const parts = /^\{"pid":(\d+),"host":"([^"]*)"/.exec(text);
  return parts ? { pid: Number(parts[1]), host: parts[2] ?? '' } : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return !hasCode(thrown, 'ESRCH');
  }
}
