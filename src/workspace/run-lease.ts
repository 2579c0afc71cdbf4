import { copyFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { AppError } from '../base/failure.ts';
import { runFailures } from '../base/failures/runs.ts';
import type { JournalRecord } from '../contracts/journal.ts';
import type { Failure } from '../base/failure.ts';
import type { RunLease, Snapshots } from '../contracts/runs.ts';
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
import { SnapshotKeeper } from './snapshot-keeper.ts';

interface LeaseOptions {
  readonly clock: Clock;
  readonly onRecord: (record: JournalRecord) => void;
  readonly snapshots?: Snapshots | undefined;
  readonly onProblem: (failure: Failure) => void;
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
    const { writer, keeper } = await openWriter(
      { run, place, clock: options.clock, isOurs: lock.isOurs },
      options,
    );
    const release = async () => {
      await writer.close();
      await keeper?.rest(writer);
      await lock.release();
    };
    return { epoch: writer.epoch, journal: writer, release };
  } catch (thrown) {
    await lock.release();
    throw thrown instanceof AppError ? thrown : runFailures.fileFailed('written', place.name, thrown);
  }
}

interface Opened {
  readonly writer: JournalWriter;
  readonly keeper: SnapshotKeeper | undefined;
}

async function openWriter(
  options: WriterOptions,
  { clock, onRecord, snapshots, onProblem }: LeaseOptions,
): Promise<Opened> {
  const { place } = options;
  let numbering = new RecordNumbering();
  let keptBytes = 0;
  const note = (record: JournalRecord) => {
    numbering.note(record);
    onRecord(record);
  };
  const extent = await readJournal(place, note, ({ point, steps, snapshot }) => {
    if (!snapshots?.restore(snapshot)) return false;
    numbering = new RecordNumbering(point, steps);
    keptBytes = point.bytes;
    return true;
  });
  if (extent.corrupt) throw new AppError(extent.corrupt);
  await cutTornEnd(place, extent, clock);
  await ensureFolder(join(place.folder, blobsFolder));
  // The epoch of a writer of whom nothing but a torn append is left is not given again.
  const epoch = Math.max(extent.epoch, numbering.epoch) + 1;
  const keeper =
    snapshots &&
    new SnapshotKeeper({ folder: place.folder, keep: () => snapshots.keep(), keptBytes, onProblem });
  const writer = await JournalWriter.open(
    { ...options, onFlushed: (journal) => keeper?.look(journal) },
    { sound: extent.sound, numbering, epoch },
  );
  return { writer, keeper };
}

/** The torn end was acknowledged to nobody. It is kept beside the journal all the same. */
async function cutTornEnd(place: JournalPlace, extent: JournalExtent, clock: Clock): Promise<void> {
  if (extent.sound.bytes === extent.bytes) return;
  const journal = join(place.folder, journalFile);
  await copyFile(journal, join(place.folder, `journal.torn-${clock.now()}`));
  await truncate(journal, extent.sound.bytes);
}
