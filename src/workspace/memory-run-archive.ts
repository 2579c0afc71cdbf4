import { runFailures } from '../base/failures/runs.ts';
import type { RunArchive } from '../contracts/archive.ts';
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

  async holds(run: string): Promise<boolean> {
    const archived = this.#archives.get(run);
    if (archived === undefined || !(await this.#runs.list()).includes(run)) return false;
    const { records } = await this.#runs.read(run);
    return records.length === archived.records.length && begins(records, archived.records);
  }

  async keep(run: string, atMs: number): Promise<'kept' | 'unchanged'> {
    if (await this.holds(run)) return 'unchanged';
    const { records } = await this.#runs.read(run);
    if (!begins(records, this.#archives.get(run)?.records ?? [])) throw runFailures.archiveDiffers(run);
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

function begins(records: readonly JournalRecord[], start: readonly JournalRecord[]): boolean {
  return JSON.stringify(records.slice(0, start.length)) === JSON.stringify(start);
}
