import { watch } from 'node:fs';
import type { Disposable } from '../base/disposable.ts';

const lookEveryMs = 1_000;

/**
 * Calls when orders in the folder may have come or gone. Where the system cannot watch (no such folder yet, no watches
 * left), calls every second instead, for the listener to look. Never throws and never keeps the process alive.
 */
export function watchOrders(folder: string, listener: () => void): Disposable {
  let looking: NodeJS.Timeout | undefined;
  const look = () => {
    looking ??= setInterval(listener, lookEveryMs).unref();
  };
  try {
    const watcher = watch(folder, { persistent: false }, () => listener());
    watcher.on('error', look);
    return {
      dispose: () => {
        watcher.close();
        clearInterval(looking);
      },
    };
  } catch {
    look();
    return { dispose: () => clearInterval(looking) };
  }
}
