import { watch, type FSWatcher } from 'node:fs';
import type { Disposable } from '../base/disposable.ts';

const lookEveryMs = 1_000;

/**
 * Calls when orders in the folder may have come or gone, and every second besides, for the listener to look: where
 * there is no such folder yet, no watches are left, or another host writes, the system does not tell. Never throws
 * and never keeps the process alive.
 */
export function watchOrders(folder: string, listener: () => void): Disposable {
  const looking = setInterval(listener, lookEveryMs).unref();
  const watcher = tryToWatch(folder, listener);
  return {
    dispose: () => {
      clearInterval(looking);
      watcher?.close();
    },
  };
}

function tryToWatch(folder: string, listener: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(folder, { persistent: false }, () => listener());
    return watcher.on('error', () => watcher.close());
  } catch {
    return undefined;
  }
}
