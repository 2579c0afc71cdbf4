import { existsSync, watch, type FSWatcher } from 'node:fs';
import { join } from 'node:path';
import type { Disposable } from '../base/disposable.ts';
import { Bursts } from './bursts.ts';
import { journalFile } from './journal-reader.ts';
import { ordersFolder } from './order-folder.ts';
import { isRunName } from './run-paths.ts';
import { changedRuns, newestRuns, readSignatures } from './run-signatures.ts';

const burstMs = 50;
const pollEveryMs = 1_000;

/** Linux has no recursive watching; Node's substitute watches every single file, blobs included. */
const isRecursive = process.platform === 'darwin' || process.platform === 'win32';

/**
 * Calls with a run's id when its journal or its orders changed, by whatever process. Follows the
 * newest runs, as many as are listed. Where the system cannot watch (no such folder yet, no watches
 * left), looks every second instead. Never throws and never keeps the process alive.
 */
export function watchRuns(folder: string, listener: (run: string) => void, only?: string): Disposable {
  const tell = (run: string) => {
    if (only === undefined || run === only) listener(run);
  };
  const watcher = new RunWatcher(folder, new Bursts(tell, burstMs), only);
  watcher.start();
  return watcher;
}

class RunWatcher implements Disposable {
  readonly #folder: string;
  readonly #bursts: Bursts;
  /** The one run that is followed; all of them when left out. */
  readonly #only: string | undefined;
  /** By path below the folder; '' is the folder itself. */
  readonly #watchers = new Map<string, FSWatcher>();
  #polling: NodeJS.Timeout | undefined;
  #seen: ReadonlyMap<string, string> = new Map();
  #disposed = false;

  constructor(folder: string, bursts: Bursts, only: string | undefined) {
    this.#folder = folder;
    this.#only = only;
    this.#bursts = bursts;
  }

  start(): void {
    if (!this.#attach()) this.#poll();
  }

  dispose(): void {
    this.#disposed = true;
    this.#detach();
    clearInterval(this.#polling);
    this.#bursts.dispose();
  }

  /** Whether the system tells of every change from now on. */
  #attach(): boolean {
    if (!existsSync(this.#folder)) return false;
    try {
      if (isRecursive) this.#watch('', (path) => this.#onPath(path));
      else if (this.#only !== undefined) this.#follow(this.#only);
      else this.#attachEach();
      return true;
    } catch {
      this.#detach();
      return false;
    }
  }

  #attachEach(): void {
    this.#watch('', () => this.#followNew());
    for (const run of newestRuns(this.#folder)) this.#follow(run);
  }

  /** A run is told of after its watch is set, so that nothing in between is missed. */
  #followNew(): void {
    const runs = new Set(newestRuns(this.#folder));
    for (const run of runs) {
      if (this.#watchers.has(run)) continue;
      this.#follow(run);
      this.#bursts.add(run);
    }
    for (const path of this.#watchers.keys()) {
      const run = path.split(/[\\/]/)[0] ?? '';
      if (run !== '' && !runs.has(run)) this.#unfollow(path, run);
    }
  }

  #follow(run: string): void {
    this.#watch(run, (name) => {
      if (name === ordersFolder) this.#followOrders(run);
      if (name === ordersFolder || name === journalFile) this.#bursts.add(run);
    });
    this.#followOrders(run);
  }

  #followOrders(run: string): void {
    const path = join(run, ordersFolder);
    if (this.#watchers.has(path) || !existsSync(join(this.#folder, path))) return;
    this.#watch(path, () => this.#bursts.add(run));
  }

  #unfollow(path: string, run: string): void {
    this.#watchers.get(path)?.close();
    this.#watchers.delete(path);
    this.#bursts.add(run);
  }

  /** Recursive watching tells paths such as `<run>/journal.jsonl`. */
  #onPath(path: string): void {
    const [run = '', name = ''] = path.split(/[\\/]/);
    const tells = name === '' || name === journalFile || name === ordersFolder;
    if (isRunName(run) && tells) this.#bursts.add(run);
  }

  #watch(path: string, onName: (name: string) => void): void {
    const watcher = watch(join(this.#folder, path), { persistent: false, recursive: isRecursive });
    this.#watchers.set(path, watcher);
    watcher.on('error', () => this.#fallBack());
    watcher.on('change', (_kind, name) => {
      try {
        onName(String(name ?? ''));
      } catch {
        this.#fallBack();
      }
    });
  }

  #detach(): void {
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #fallBack(): void {
    this.#detach();
    this.#poll();
  }

  /** What was seen is forgotten, so that the first look tells of every run: any may have changed unseen. */
  #poll(): void {
    if (this.#polling || this.#disposed) return;
    this.#seen = new Map();
    this.#polling = setInterval(() => void this.#look(), pollEveryMs).unref();
  }

  /** Watching is taken up again before the look, so that nothing falls between them. */
  async #look(): Promise<void> {
    if (this.#attach()) {
      clearInterval(this.#polling);
      this.#polling = undefined;
    }
    const found = await readSignatures(this.#folder).catch(() => new Map<string, string>());
    if (this.#disposed) return;
    for (const run of changedRuns(this.#seen, found)) this.#bursts.add(run);
    this.#seen = found;
  }
}
