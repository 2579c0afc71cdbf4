import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Failure } from '../base/failure.ts';
import { codeOf, runFailures } from '../base/failures/runs.ts';
import { runEventSchema, type JournalRecord } from '../contracts/journal.ts';
import { BlobFolder, type BlobSource } from './blob-folder.ts';
import { reachesPoint } from './kept-journal.ts';
import { journalStart, type JournalPoint } from './journal-point.ts';
import { blobRefOf, journalVersion, readLine, type BlobRef, type JournalLine } from './journal-line.ts';
import { parseJson } from './parse-json.ts';
import { readSnapshot, snapshotFile, type KeptSnapshot } from './snapshot-file.ts';

/** A run's journal on disk; `name` is how messages call the file. */
export interface JournalPlace {
  readonly folder: string;
  readonly name: string;
}

/** How far a journal is sound, and what the next writer needs to go on behind it. */
export interface JournalExtent {
  readonly corrupt?: Failure | undefined;
  /** How far whole appends reach; what lies behind is a torn write, acknowledged to nobody. */
  readonly sound: JournalPoint;
  readonly bytes: number;
  /** The highest epoch so far, those of torn writes too; 0 before the first record. */
  readonly epoch: number;
}

export const journalFile = 'journal.jsonl';
export const blobsFolder = 'blobs';

const lineFeed = 0x0a;

/** Where reading pauses: at the end, at what is wrong, or at data that lies in a blob. */
type Halt =
  | { readonly is: 'stop'; readonly corrupt?: Failure }
  | { readonly is: 'blob'; readonly line: JournalLine; readonly ref: BlobRef; readonly next: number };

/**
 * Reads a journal as far as it is sound, record by record; behind its snapshot alone, if there is one that fits and
 * that `restore` can go on from. A journal not begun is empty. Throws `file.failed`, and what `onRecord` throws.
 */
export async function readJournal(
  { folder, name }: JournalPlace,
  onRecord: (record: JournalRecord) => void,
  restore?: (kept: KeptSnapshot) => boolean,
): Promise<JournalExtent> {
  const journal = join(folder, journalFile);
  const blobs = new BlobFolder(join(folder, blobsFolder));
  const kept = restore && (await readSnapshot(join(folder, snapshotFile)));
  const isUsed = kept && (await reachesPoint(journal, blobs, kept.point)) && restore(kept);
  const from = isUsed ? kept.point : journalStart;
  return await parseJournal({ name, bytes: await readBehind(journal, from.bytes), blobs, onRecord, from });
}

/** A journal's bytes, wherever they are from. */
export interface JournalBytes {
  /** How messages call it. */
  readonly name: string;
  readonly bytes: Buffer;
  readonly blobs: BlobSource;
  readonly onRecord: (record: JournalRecord) => void;
  /** What the bytes are behind, if it is not the start. */
  readonly from?: JournalPoint;
}

/** Reads a journal as far as it is sound. Throws what `blobs` and `onRecord` throw. */
export async function parseJournal(journal: JournalBytes): Promise<JournalExtent> {
  return await new JournalParse(journal).run();
}

class JournalParse {
  readonly #name: string;
  readonly #bytes: Buffer;
  readonly #blobs: BlobSource;
  readonly #onRecord: (record: JournalRecord) => void;
  /** Records of an append whose last one is still to come. */
  #begun: JournalRecord[] = [];
  /** The number of the last record read. */
  #last: number;
  /** Where the line begins that is read next: all before it is sound. */
  #start = 0;
  #epoch: number;
  #lineNumber: number;
  readonly #from: JournalPoint;
  /** How far whole appends reach. */
  #whole: Omit<JournalPoint, 'crc' | 'blobs'>;
  /** The blobs that were named, by name. */
  readonly #named: Map<string, BlobRef>;

  constructor({ name, bytes, blobs, onRecord, from = journalStart }: JournalBytes) {
    this.#name = name;
    this.#bytes = bytes;
    this.#blobs = blobs;
    this.#onRecord = onRecord;
    this.#from = from;
    this.#last = from.n;
    this.#epoch = from.epoch;
    this.#lineNumber = from.lines;
    this.#whole = from;
    this.#named = new Map(from.blobs.map((ref) => [ref.blob, ref]));
  }

  /** Goes on from blob to blob; all between them is read in one go. */
  async run(): Promise<JournalExtent> {
    for (;;) {
      const halt = this.#readOn();
      if (halt.is === 'stop') return this.#stop(halt.corrupt);
      const flaw = this.#add(halt.line, await this.#dataOf(halt.ref));
      if (flaw) return this.#stop(this.#corrupt(flaw));
      this.#pass(halt.line, halt.next);
    }
  }

  #readOn(): Halt {
    for (;;) {
      if (this.#start === this.#bytes.length) return { is: 'stop' };
      this.#lineNumber += 1;
      const feed = this.#bytes.indexOf(lineFeed, this.#start);
      const end = feed === -1 ? this.#bytes.length : feed;
      const reading = readLine(this.#bytes.subarray(this.#start, end));
      if (reading.is === 'newer') return { is: 'stop', corrupt: this.#newer(reading.version) };
      const isLast = end >= this.#bytes.length - 1;
      // A last line that is damaged, or lacks its line feed, was never finished: nobody was told of it.
      if (feed === -1 || (isLast && reading.is === 'damaged')) return { is: 'stop' };
      if (reading.is === 'damaged') return { is: 'stop', corrupt: this.#corrupt(reading.why) };
      if (this.#isWrittenTwice(reading.line)) return { is: 'stop' };
      const ref = blobRefOf(reading.line.event.data);
      if (ref) return { is: 'blob', line: reading.line, ref, next: feed + 1 };
      const flaw = this.#add(reading.line, reading.line.event.data);
      if (flaw) return { is: 'stop', corrupt: this.#corrupt(flaw) };
      this.#pass(reading.line, feed + 1);
    }
  }

  /** Goes behind a line. What was appended together is taken together, or not at all. */
  #pass(line: JournalLine, next: number): void {
    this.#start = next;
    if (line.more) return;
    this.#whole = {
      n: this.#last,
      epoch: this.#epoch,
      lines: this.#lineNumber,
      bytes: this.#from.bytes + next,
    };
    for (const record of this.#begun) this.#onRecord(record);
    this.#begun = [];
  }

  /**
   * Whether all that is left is there already: a write that was done twice, however much of it. Nothing was
   * acknowledged behind it, since its writer found more in the file than it had written.
   */
  #isWrittenTwice({ n }: JournalLine): boolean {
    if (n > this.#last) return false;
    return this.#bytes.subarray(0, this.#start).includes(this.#bytes.subarray(this.#start));
  }

  /** Takes a record in; answers what is wrong with it. */
  #add(line: JournalLine, data: unknown): string | undefined {
    const { n, epoch, at, cause, order } = line;
    const next = this.#last + 1;
    // A writer that had lost the run to another one was late: its line repeats a number.
    if (epoch < this.#epoch && n < next) return undefined;
    if (n !== next || epoch < this.#epoch) return `has number ${n} of epoch ${epoch} where ${next} was due`;
    if (data === undefined) return 'lacks its data, or names a blob that is missing or damaged';
    const event = runEventSchema.safeParse(data === line.event.data ? line.event : { ...line.event, data });
    if (!event.success) return `holds no event that this Cairn knows (${String(line.event.type)})`;
    this.#begun.push({ n, epoch, at, cause, ...(order === undefined ? {} : { order }), event: event.data });
    this.#last = n;
    this.#epoch = epoch;
    return undefined;
  }

  async #dataOf(ref: BlobRef): Promise<unknown> {
    this.#named.set(ref.blob, ref);
    const text = await this.#blobs.read(ref);
    return text === undefined ? undefined : parseJson(text);
  }

  #stop(corrupt: Failure | undefined): JournalExtent {
    const { crc, bytes } = this.#from;
    const passed = this.#bytes.subarray(0, this.#whole.bytes - bytes);
    // Of no bytes at all, zlib may forget what came before them.
    const sum = passed.length === 0 ? crc : crc32(passed, crc);
    const sound = { ...this.#whole, crc: sum, blobs: [...this.#named.values()] };
    return { corrupt, sound, bytes: bytes + this.#bytes.length, epoch: this.#epoch };
  }

  #corrupt(why: string): Failure {
    return runFailures.corrupt({ file: this.#name, line: this.#lineNumber }, why);
  }

  #newer(version: number): Failure {
    return runFailures.newer({ file: this.#name, line: this.#lineNumber }, version, journalVersion);
  }
}

/** A journal's bytes from `start` on. */
async function readBehind(path: string, start: number): Promise<Buffer> {
  try {
    const file = await open(path);
    try {
      const bytes = Buffer.alloc(Math.max(0, (await file.stat()).size - start));
      let done = 0;
      for (let read = 1; read > 0 && done < bytes.length; done += read)
        read = (await file.read(bytes, done, bytes.length - done, start + done)).bytesRead;
      return bytes.subarray(0, done);
    } finally {
      await file.close();
    }
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return Buffer.alloc(0);
    throw runFailures.fileFailed('read', path, thrown);
  }
}
