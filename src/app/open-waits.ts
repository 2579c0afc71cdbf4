import type { Ports } from './ports.ts';
import type { RunReader } from './run-reader.ts';
import type { Disposable } from '../base/disposable.ts';
import { limits } from '../base/limits.ts';
import type { RunState } from '../contracts/run.ts';
import type { Watch } from '../contracts/trigger.ts';
import type { ProgressOf } from '../contracts/trigger-state.ts';
import { isOver } from '../engine/run-status.ts';

/** A step that waits for a version of a file, or for an item. */
export interface OpenWait {
  readonly run: string;
  readonly workflow: string;
  readonly step: string;
  readonly attempt: number;
  readonly watch: Watch;
  /** What was there when it began. */
  readonly progress: ProgressOf<'file' | 'connector'>;
}

/**
 * The steps of all runs that wait for what triggers look for too. Only runs that have changed are read anew; those that
 * are too old to be told of are asked whether they have.
 */
export class OpenWaits implements Disposable {
  readonly #ports: Ports;
  readonly #reader: RunReader;
  readonly #watching: Disposable;
  readonly #byRun = new Map<string, readonly OpenWait[]>();
  readonly #changed = new Set<string>();
  #listed = '';

  constructor(ports: Ports, reader: RunReader) {
    this.#ports = ports;
    this.#reader = reader;
    this.#watching = ports.runs.watch((run) => this.#changed.add(run));
  }

  async list(): Promise<readonly OpenWait[]> {
    const waits = await this.#read();
    this.#listed = keyOf(waits);
    return waits;
  }

  /** Whether there are others than the last time. */
  async haveChanged(): Promise<boolean> {
    const before = this.#listed;
    await this.list();
    return this.#listed !== before;
  }

  dispose(): void {
    this.#watching.dispose();
  }

  async #read(): Promise<readonly OpenWait[]> {
    const ids = new Set(await this.#ports.runs.list());
    const changed = new Set(this.#changed);
    this.#changed.clear();
    for (const run of this.#byRun.keys()) if (!ids.has(run)) this.#byRun.delete(run);
    for (const [i, run] of [...ids].entries()) {
      const isFollowed = this.#byRun.has(run) && i < limits.runsListed;
      if (!isFollowed || changed.has(run)) this.#byRun.set(run, await this.#waitsOf(run));
    }
    return [...this.#byRun.values()].flat();
  }

  /** A run that cannot be read, or is archived, waits for nothing. */
  async #waitsOf(run: string): Promise<readonly OpenWait[]> {
    const reading = await this.#reader.read(run).catch(() => undefined);
    return reading && !reading.archived ? openWaits(reading.state) : [];
  }
}

function openWaits(state: RunState): readonly OpenWait[] {
  if (isOver(state)) return [];
  return [...state.steps.values()].flatMap(({ id: step, status, attempts }): OpenWait[] => {
    if (status.is !== 'waiting' || status.for !== 'occurrence') return [];
    const { watch, known } = status;
    const lookedMs = attempts.at(-1)?.startedAtMs ?? 0;
    const progress: OpenWait['progress'] =
      watch.kind === 'file'
        ? { kind: 'file', files: {}, known: [...known] }
        : { kind: 'connector', lookedMs, known: [...known] };
    const { workflow } = state.definition;
    return [{ run: state.id, workflow: workflow.id, step, attempt: attempts.length, watch, progress }];
  });
}

function keyOf(waits: readonly OpenWait[]): string {
  return JSON.stringify(waits.map(({ run, step, attempt }) => [run, step, attempt]));
}
