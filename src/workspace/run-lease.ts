import { copyFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { AppError } from '../base/failure.ts';
import { runFailures } from '../base/failures/runs.ts';
import type { RunLease } from '../contracts/runs.ts';
import { ensureFolder } from './atomic-file.ts';
import {
  blobsFolder,
  journalFile,
  readJournal,
  type JournalContent,
  type JournalPlace,
} from './journal-reader.ts';
import { JournalWriter } from './journal-writer.ts';
import { RunLock } from './run-lock.ts';

/**
 * Takes a run for this process, or answers `held` when a living one has it. Throws `journal.corrupt`
 * and `journal.newer` for a journal that cannot be gone on with; its file is untouched then.
 */
export async function leaseRun(run: string, place: JournalPlace, clock: Clock): Promise<RunLease | 'held'> {
  const lock = await RunLock.take(place.folder, clock);
  if (!lock) return 'held';
  try {
    const writer = await openWriter(run, { place, clock, lock });
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

async function openWriter(
  run: string,
  { place, clock, lock }: { place: JournalPlace; clock: Clock; lock: RunLock },
): Promise<JournalWriter> {
  const content = await readJournal(place);
  if (content.corrupt) throw new AppError(content.corrupt);
  await cutTornEnd(place, content, clock);
  await ensureFolder(join(place.folder, blobsFolder));
  return await JournalWriter.open({ run, place, clock, content, isOurs: lock.isOurs });
}

/** The torn end was acknowledged to nobody. It is kept beside the journal all the same. */
async function cutTornEnd(place: JournalPlace, content: JournalContent, clock: Clock): Promise<void> {
  if (content.soundBytes === content.bytes) return;
  const journal = join(place.folder, journalFile);
  await copyFile(journal, join(place.folder, `journal.torn-${clock.now()}`));
  await truncate(journal, content.soundBytes);
}
