import { constants, fstatSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { crc32 } from 'node:zlib';
import type { Clock } from '../base/clock.ts';
import { AppError } from '../base/failure.ts';
import { runFailures } from '../base/failures/runs.ts';
import { limits } from '../base/limits.ts';
import type { Enqueued, Journal, JournalRecord, RunEvent } from '../contracts/journal.ts';
import { syncFolder } from './atomic-file.ts';
import { BlobFolder } from './blob-folder.ts';
import type { JournalPoint } from './journal-point.ts';
import { blobsFolder, journalFile, type JournalPlace } from './journal-reader.ts';
import { writeLine, type BlobRef, type LinePlace } from './journal-line.ts';
import type { SnapshotHead } from './snapshot-file.ts';
import type { Numbered, RecordNumbering } from './record-numbering.ts';

/** On Linux a write is on the disk when it returns; elsewhere it could still be in the drive's own cache. */
const writesThrough = process.platform === 'linux';
const { O_WRONLY, O_CREAT, O_APPEND, O_DSYNC } = constants;

export interface WriterOptions {
  readonly run: string;
  readonly place: JournalPlace;
  readonly clock: Clock;
  /** Whether the lease still stands; asked before every write. */
  readonly isOurs: () => boolean;
  /** Told after every flush, before those who waited for it go on. */
  readonly onFlushed?: ((journal: JournalWriter) => void) | undefined;
}

/** Where a journal's sound part ends. */
export interface JournalEnd {
  readonly sound: JournalPoint;
  readonly numbering: RecordNumbering;
  /** The epoch of the records to come. */
  readonly epoch: number;
}

interface Waiting {
  readonly numbered: readonly Numbered[];
  readonly resolve: () => void;
  readonly reject: (failure: AppError) => void;
}

/**
 * The journal's only writer. Natural group commit: what arrives while a flush is under way shares
 * the next one. After a failed flush nobody knows what is on disk, so the writer stops for good.
 */
export class JournalWriter implements Journal {
  readonly epoch: number;
  readonly #options: WriterOptions;
  readonly #file: FileHandle;
  readonly #blobs: BlobFolder;
  readonly #numbering: RecordNumbering;
  readonly #waiting: Waiting[] = [];
  /** What is on disk, but for its blobs. */
  #point: Omit<JournalPoint, 'blobs'>;
  /** The blobs that its lines name, by name. */
  readonly #named: Map<string, BlobRef>;
  #flushing: Promise<void> | undefined;
  #stopped: AppError | undefined;

  private constructor(options: WriterOptions, file: FileHandle, behind: JournalEnd) {
    this.#options = options;
    this.#file = file;
    const { blobs, ...point } = behind.sound;
    this.#point = point;
    this.#named = new Map(blobs.map((ref) => [ref.blob, ref]));
    this.#blobs = new BlobFolder(join(options.place.folder, blobsFolder));
    this.#numbering = behind.numbering;
    this.epoch = behind.epoch;
  }

  /** Opens the journal behind what was read of it under the lease; a torn end has to be cut before. */
  static async open(options: WriterOptions, behind: JournalEnd): Promise<JournalWriter> {
    const flags = writesThrough ? O_WRONLY | O_CREAT | O_APPEND | O_DSYNC : 'a';
    const file = await open(join(options.place.folder, journalFile), flags);
    await syncFolder(options.place.folder);
    return new JournalWriter(options, file, behind);
  }

  enqueue(events: readonly RunEvent[], order?: string): Enqueued {
    if (this.#stopped) throw this.#stopped;
    const at = this.#options.clock.now();
    const numbered = this.#numbering.number(events, { at, epoch: this.epoch, order });
    const onDisk = new Promise<void>((resolve, reject) => {
      this.#waiting.push({ numbered, resolve, reject });
      this.#flushing ??= this.#flushAll();
    });
    return { records: numbered.map(({ record }) => record), onDisk };
  }

  expectOurs(): void {
    if (!this.#options.isOurs()) throw runFailures.fenced(this.#options.run);
  }

  async append(events: readonly RunEvent[]): Promise<readonly JournalRecord[]> {
    const { records, onDisk } = this.enqueue(events);
    await onDisk;
    return records;
  }

  /** Bytes on disk. */
  get bytes(): number {
    return this.#point.bytes;
  }

  /** What a snapshot has to know of the journal; nothing while a record is on its way to disk, or did not get there. */
  get head(): SnapshotHead | undefined {
    if (this.#numbering.last !== this.#point.n) return undefined;
    return { point: { ...this.#point, blobs: [...this.#named.values()] }, steps: this.#numbering.steps };
  }

  /** Everything appended before is on disk or refused; everything after is refused. */
  async close(): Promise<void> {
    this.#stopped ??= runFailures.fenced(this.#options.run);
    await this.#flushing;
    await this.#file.close();
  }

  async #flushAll(): Promise<void> {
    // A turn of the microtask queue lets appends of the same moment share the first flush too.
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#flush(this.#waiting.splice(0));
    this.#flushing = undefined;
  }

  async #flush(batch: readonly Waiting[]): Promise<void> {
    try {
      await this.#write(batch);
      for (const { resolve } of batch) resolve();
      this.#options.onFlushed?.(this);
    } catch (thrown) {
      this.#stopped = thrown instanceof AppError ? thrown : this.#failed(thrown);
      for (const { reject } of [...batch, ...this.#waiting.splice(0)]) reject(this.#stopped);
    }
  }

  async #write(batch: readonly Waiting[]): Promise<void> {
    const lines: string[] = [];
    for (const { numbered } of batch) {
      for (const one of numbered)
        lines.push(await this.#lineOf(one, one === numbered.at(-1) ? 'last' : 'more'));
    }
    const bytes = Buffer.from(lines.join(''));
    this.expectOurs();
    this.#expectSize();
    for (let done = 0; done < bytes.length; ) done += (await this.#file.write(bytes, done)).bytesWritten;
    if (!writesThrough) await this.#file.datasync();
    this.#point = {
      n: batch.at(-1)?.numbered.at(-1)?.record.n ?? this.#point.n,
      epoch: this.epoch,
      lines: this.#point.lines + lines.length,
      bytes: this.#point.bytes + bytes.length,
      crc: crc32(bytes, this.#point.crc),
    };
    this.#expectSize();
  }

  async #lineOf({ record, dataText }: Numbered, place: LinePlace): Promise<string> {
    if (Buffer.byteLength(dataText) <= limits.journalInlineBytes) return writeLine(record, dataText, place);
    const ref = await this.#blobs.write(dataText);
    this.#named.set(ref.blob, ref);
    return writeLine(record, JSON.stringify(ref), place);
  }

  /** Another writer's bytes in the file mean that the lease was lost between check and write. */
  #expectSize(): void {
    if (fstatSync(this.#file.fd).size !== this.#point.bytes) throw runFailures.fenced(this.#options.run);
  }

  #failed(thrown: unknown): AppError {
    return runFailures.fileFailed('written', this.#options.place.name, thrown);
  }
}
