import { runFailures } from '../base/failures/runs.ts';
import type { ArchiveState, RunArchive } from '../contracts/archive.ts';
import type { JournalRecord } from '../contracts/journal.ts';
import type { JournalReading } from '../contracts/runs.ts';
import type { MemoryRunStore } from './memory-run-store.ts';

interface Archived {
  readonly records: readonly JournalRecord[];
  readonly atMs: number;
}

/** The archive of a store in memory: for tests, with the same rules as in git. */
export function memoryRunArchive(runs: MemoryRunStore): RunArchive {
  return new ArchiveInMemory(runs);
}

class ArchiveInMemory implements RunArchive {
  readonly #runs: MemoryRunStore;
  readonly #archives = new Map<string, Archived>();

  constructor(runs: MemoryRunStore) {
    this.#runs = runs;
  }

  async list(): Promise<ReadonlySet<string>> {
    return new Set(this.#archives.keys());
  }

  async read(run: string): Promise<JournalReading> {
    return { records: this.#archived(run).records, archived: true };
  }

  async stamp(run: string): Promise<string> {
    return String(this.#archived(run).records.length);
  }

  async recordedAtMs(run: string): Promise<number> {
    return this.#archived(run).atMs;
  }

  async compare(run: string): Promise<ArchiveState> {
    const archived = this.#archives.get(run)?.records;
    if (archived === undefined) return 'none';
    if (!(await this.#runs.list()).includes(run)) return 'ahead';
    const { records } = await this.#runs.read(run);
    if (begins(records, archived)) return records.length === archived.length ? 'same' : 'behind';
    return begins(archived, records) ? 'ahead' : 'other';
  }

  async keep(run: string, atMs: number): Promise<'kept' | 'unchanged'> {
    const state = await this.compare(run);
    if (state === 'same') return 'unchanged';
    if (state === 'ahead') throw runFailures.archiveAhead(run);
    if (state === 'other') throw runFailures.archiveDiffers(run);
    const { records } = await this.#runs.read(run);
    this.#archives.set(run, { records, atMs });
    return 'kept';
  }

  async restore(run: string): Promise<boolean> {
    return this.#runs.put(run, this.#archived(run).records);
  }

  async forget(run: string): Promise<void> {
    this.#archives.delete(run);
  }

  async measure(): Promise<{ bytes: number; refs: number }> {
    const bytes = Buffer.byteLength(JSON.stringify([...this.#archives.values()]));
    return { bytes, refs: this.#archives.size };
  }

  #archived(run: string): Archived {
    const found = this.#archives.get(run);
    if (!found) throw runFailures.missing(run);
    return found;
  }
}

/** Whether one journal begins with the other. */
function begins(records: readonly JournalRecord[], start: readonly JournalRecord[]): boolean {
  return JSON.stringify(records.slice(0, start.length)) === JSON.stringify(start);
}
