import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import { runFailures } from '../base/failures/runs.ts';
import type { Enqueued, Journal, JournalRecord, RunEvent } from '../contracts/journal.ts';
import type { JournalReading, RunLease, RunOrder, RunStore } from '../contracts/runs.ts';
import { checkOrder } from './order-folder.ts';
import { RecordNumbering } from './record-numbering.ts';
import { checkRunName } from './run-paths.ts';

interface MemoryRun {
  readonly records: JournalRecord[];
  readonly orders: Map<string, RunOrder>;
  lease: MemoryLease | undefined;
}

/** Runs in memory: for tests and simulation, with the same rules as on disk. */
export interface MemoryRunStore extends RunStore {
  /** As if the process that executes runs were killed now: what is not acknowledged is lost. */
  crash(): void;
  /** As if a run's folder were deleted. */
  drop(run: string): void;
  /** As if a run's folder were put there; false when there is one. */
  put(run: string, records: readonly JournalRecord[]): boolean;
}

export function memoryRunStore(options: { readonly clock: Clock }): MemoryRunStore {
  return new RunsInMemory(options.clock);
}

class RunsInMemory implements MemoryRunStore {
  readonly #clock: Clock;
  readonly #runs = new Map<string, MemoryRun>();
  readonly #changes = new Emitter<string>();
  readonly #ordered = new Emitter<string>();
  readonly #untold = new Set<string>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async create(run: string): Promise<boolean> {
    checkRunName(run);
    if (this.#runs.has(run)) return false;
    this.#runs.set(run, { records: [], orders: new Map(), lease: undefined });
    this.#changed(run);
    return true;
  }

  async list(): Promise<readonly string[]> {
    return [...this.#runs.keys()].toSorted().toReversed();
  }

  async read(run: string): Promise<JournalReading> {
    return { records: [...this.#runOf(run).records] };
  }

  async stamp(run: string): Promise<string> {
    return String(this.#runOf(run).records.length);
  }

  async lease(
    run: string,
    onRecord: (record: JournalRecord) => void = () => undefined,
  ): Promise<RunLease | 'held'> {
    const found = this.#runOf(run);
    if (found.lease) return 'held';
    const lease = new MemoryLease(run, found, { clock: this.#clock, onAppend: () => this.#changed(run) });
    found.lease = lease;
    for (const record of found.records) onRecord(record);
    return { epoch: lease.epoch, journal: lease, release: () => lease.release() };
  }

  async isHeld(run: string): Promise<boolean> {
    return this.#runOf(run).lease !== undefined;
  }

  async order(run: string, order: RunOrder): Promise<void> {
    const { orders } = this.#runOf(run);
    if (!orders.has(order.id)) orders.set(order.id, checkOrder(order));
    setImmediate(() => this.#ordered.fire(run));
    this.#changed(run);
  }

  async orders(run: string): Promise<readonly RunOrder[]> {
    const { orders } = this.#runOf(run);
    return [...orders.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
  }

  async acknowledge(run: string, order: string): Promise<void> {
    this.#runOf(run).orders.delete(order);
    this.#changed(run);
  }

  onOrder(run: string, listener: () => void): Disposable {
    return this.#ordered.event((id) => {
      if (id === run) listener();
    });
  }

  watch(listener: (run: string) => void, only?: string): Disposable {
    return this.#changes.event((run) => {
      if (only === undefined || run === only) listener(run);
    });
  }

  crash(): void {
    for (const run of this.#runs.values()) run.lease?.end();
  }

  drop(run: string): void {
    this.#runs.delete(run);
    this.#changed(run);
  }

  put(run: string, records: readonly JournalRecord[]): boolean {
    if (this.#runs.has(run)) return false;
    this.#runs.set(run, { records: [...records], orders: new Map(), lease: undefined });
    this.#changed(run);
    return true;
  }

  #runOf(run: string): MemoryRun {
    const found = this.#runs.get(run);
    if (!found) throw runFailures.missing(run);
    return found;
  }

  /** Told later and once for a burst, as it is on disk. */
  #changed(run: string): void {
    if (this.#untold.has(run)) return;
    this.#untold.add(run);
    setImmediate(() => {
      this.#untold.delete(run);
      this.#changes.fire(run);
    });
  }
}

class MemoryLease implements Journal {
  readonly epoch: number;
  readonly #id: string;
  readonly #run: MemoryRun;
  readonly #clock: Clock;
  readonly #onAppend: () => void;
  readonly #numbering = new RecordNumbering();
  #closed = false;

  constructor(id: string, run: MemoryRun, options: { readonly clock: Clock; readonly onAppend: () => void }) {
    this.#id = id;
    this.#run = run;
    this.#clock = options.clock;
    this.#onAppend = options.onAppend;
    for (const record of run.records) this.#numbering.note(record);
    this.epoch = this.#numbering.epoch + 1;
  }

  /** Numbered at once and recorded a moment later, so that a crash can come in between. */
  enqueue(events: readonly RunEvent[], order?: string): Enqueued {
    if (this.#closed) throw runFailures.fenced(this.#id);
    const at = this.#clock.now();
    const numbered = this.#numbering.number(events, { at, epoch: this.epoch, order });
    const records = numbered.map(({ record }) => record);
    return { records, onDisk: this.#record(records) };
  }

  async append(events: readonly RunEvent[]): Promise<readonly JournalRecord[]> {
    const { records, onDisk } = this.enqueue(events);
    await onDisk;
    return records;
  }

  async #record(records: readonly JournalRecord[]): Promise<void> {
    await Promise.resolve();
    this.expectOurs();
    this.#run.records.push(...records);
    this.#onAppend();
  }

  expectOurs(): void {
    if (this.#run.lease !== this) throw runFailures.fenced(this.#id);
  }

  /** What was appended before is recorded by the time that this resolves. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.resolve();
  }

  async release(): Promise<void> {
    await this.close();
    this.end();
  }

  /** Whoever has the lease does not hear of it: as on disk, the next write is refused. */
  end(): void {
    if (this.#run.lease === this) this.#run.lease = undefined;
  }
}
