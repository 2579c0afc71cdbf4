import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import { toFailure, type Failure } from '../base/failure.ts';
import { codeOf, runFailures } from '../base/failures/runs.ts';
import type { JournalRecord } from '../contracts/journal.ts';
import type { JournalReading, RunLease, RunOrder, RunStore, Snapshots } from '../contracts/runs.ts';
import { ensureFolder, syncFolder } from './atomic-file.ts';
import { blobsFolder, journalFile, readJournal, type JournalPlace } from './journal-reader.ts';
import { OrderFolder, ordersFolder } from './order-folder.ts';
import { watchOrders } from './order-watcher.ts';
import { leaseRun } from './run-lease.ts';
import { RunLock } from './run-lock.ts';
import { checkRunName, listRunFolders, namedInCompany, runsFolder } from './run-paths.ts';
import { watchRuns } from './run-watcher.ts';

export interface RunStoreOptions {
  readonly clock: Clock;
  /** Hears of what went wrong while the rest went on: a file put aside, a listener that threw. */
  readonly onProblem?: (failure: Failure) => void;
}

/** The company's runs in `.cairn/runs`. Opening touches nothing on disk. */
export function openRunStore(companyRoot: string, options: RunStoreOptions): RunStore {
  return new DiskRunStore(runsFolder(companyRoot), options);
}

class DiskRunStore implements RunStore {
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #onProblem: (failure: Failure) => void;

  constructor(folder: string, { clock, onProblem }: RunStoreOptions) {
    this.#folder = folder;
    this.#clock = clock;
    this.#onProblem = onProblem ?? (() => undefined);
  }

  async create(run: string): Promise<boolean> {
    checkRunName(run);
    const folder = join(this.#folder, run);
    await ensureFolder(this.#folder);
    try {
      await mkdir(folder);
      await mkdir(join(folder, ordersFolder));
      await mkdir(join(folder, blobsFolder));
      await syncFolder(folder);
      await syncFolder(this.#folder);
      return true;
    } catch (thrown) {
      if (codeOf(thrown) === 'EEXIST') return false;
      throw runFailures.fileFailed('written', folder, thrown);
    }
  }

  list(): Promise<readonly string[]> {
    return listRunFolders(this.#folder);
  }

  async read(run: string, restore?: Snapshots['restore']): Promise<JournalReading> {
    const records: JournalRecord[] = [];
    let restored = false;
    const { corrupt } = await readJournal(
      await this.#placeOf(run),
      (record) => records.push(record),
      restore && (({ snapshot }) => (restored = restore(snapshot))),
    );
    return { records, corrupt, ...(restored ? { restored } : {}) };
  }

  async stamp(run: string): Promise<string> {
    const { folder } = await this.#placeOf(run);
    const found = await stat(join(folder, journalFile)).catch(() => undefined);
    return found ? `${found.ino}:${found.size}` : '';
  }

  async lease(
    run: string,
    onRecord: (record: JournalRecord) => void = () => undefined,
    snapshots?: Snapshots,
  ): Promise<RunLease | 'held'> {
    const place = await this.#placeOf(run);
    return await leaseRun(run, place, {
      clock: this.#clock,
      onRecord,
      snapshots,
      onProblem: this.#onProblem,
    });
  }

  async isHeld(run: string): Promise<boolean> {
    return await RunLock.isHeld((await this.#placeOf(run)).folder, this.#clock);
  }

  async order(run: string, order: RunOrder): Promise<void> {
    await (await this.#ordersOf(run)).put(order);
  }

  async orders(run: string): Promise<readonly RunOrder[]> {
    return await (await this.#ordersOf(run)).pending();
  }

  async acknowledge(run: string, order: string): Promise<void> {
    await (await this.#ordersOf(run)).remove(order);
  }

  onOrder(run: string, listener: () => void): Disposable {
    checkRunName(run);
    return watchOrders(join(this.#folder, run, ordersFolder), listener);
  }

  watch(listener: (run: string) => void, only?: string): Disposable {
    const tell = (run: string) => {
      try {
        listener(run);
      } catch (thrown) {
        this.#onProblem(toFailure(thrown));
      }
    };
    return watchRuns(this.#folder, tell, only);
  }

  async #placeOf(run: string): Promise<JournalPlace> {
    checkRunName(run);
    const folder = join(this.#folder, run);
    const found = await stat(folder).catch(() => undefined);
    if (!found?.isDirectory()) throw runFailures.missing(run);
    return { folder, name: namedInCompany(run, journalFile) };
  }

  async #ordersOf(run: string): Promise<OrderFolder> {
    const { folder } = await this.#placeOf(run);
    return new OrderFolder(join(folder, ordersFolder), namedInCompany(run, ordersFolder), this.#onProblem);
  }
}
