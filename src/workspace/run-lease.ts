import { copyFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { AppError } from '../base/failure.ts';
import { runFailures } from '../base/failures/runs.ts';
import type { JournalRecord } from '../contracts/journal.ts';
import type { RunLease } from '../contracts/runs.ts';
import { ensureFolder } from './atomic-file.ts';
import {
  blobsFolder,
  journalFile,
  readJournal,
  type JournalExtent,
  type JournalPlace,
} from './journal-reader.ts';
import { JournalWriter, type WriterOptions } from './journal-writer.ts';
import { RecordNumbering } from './record-numbering.ts';
import { RunLock } from './run-lock.ts';

interface LeaseOptions {
  readonly clock: Clock;
  readonly onRecord: (record: JournalRecord) => void;
}

/**
 * Takes a run for this process, or answers `held` when a living one has it. Throws `journal.corrupt`
 * and `journal.newer` for a journal that cannot be gone on with; its file is untouched then.
 */
export async function leaseRun(
  run: string,
  place: JournalPlace,
  options: LeaseOptions,
): Promise<RunLease | 'held'> {
  const lock = await RunLock.take(place.folder, options.clock);
  if (!lock) return 'held';
  try {
    const writer = await openWriter({ run, place, clock: options.clock, isOurs: lock.isOurs }, options);
    return { epoch: writer.epoch, journal: writer, release: () => release(writer, lock) };
  } catch (thrown) {
    await lock.release();
    throw thrown instanceof AppError ? thrown : runFailures.fileFailed('written', place.name, thrown);
  }
}

async function release(writer: JournalWriter, lock: RunLock): Promise<void> {
  await writer.close();
  await lock.release();
}

async function openWriter(options: WriterOptions, { clock, onRecord }: LeaseOptions): Promise<JournalWriter> {
  const { place } = options;
  const numbering = new RecordNumbering();
  const extent = await readJournal(place, (record) => {
    numbering.note(record);
    onRecord(record);
  });
  if (extent.corrupt) throw new AppError(extent.corrupt);
  await cutTornEnd(place, extent, clock);
  await ensureFolder(join(place.folder, blobsFolder));
  // The epoch of a writer of whom nothing but a torn append is left is not given again.
  const epoch = Math.max(extent.epoch, numbering.epoch) + 1;
  return await JournalWriter.open(options, { soundBytes: extent.soundBytes, numbering, epoch });
}

/** The torn end was acknowledged to nobody. It is kept beside the journal all the same. */
async function cutTornEnd(place: JournalPlace, extent: JournalExtent, clock: Clock): Promise<void> {
  if (extent.soundBytes === extent.bytes) return;
  const journal = join(place.folder, journalFile);
  await copyFile(journal, join(place.folder, `journal.torn-${clock.now()}`));
  await truncate(journal, extent.soundBytes);
}
