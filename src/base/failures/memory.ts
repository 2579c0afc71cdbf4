import { AppError, type Place } from '../failure.ts';

/** A note whose front matter cannot be read. The file is never changed for it. */
export function noteInvalid(at: Place, message: string, remedy: string): AppError {
  return new AppError({
    code: 'note.invalid',
    message,
    retry: 'operator',
    kept: 'The file is as it was; it is left out of memory, and all other notes stay in it.',
    remedy,
    at,
  });
}

/** Front matter in a language other than YAML: it could carry code, so nothing of it is evaluated. */
export function noteLanguageRefused(file: string, language: string): AppError {
  return noteInvalid(
    { file, line: 1 },
    `The front matter is marked as “${language}”; only YAML is read, and nothing of it was evaluated.`,
    'Write the front matter as YAML between two lines “---”.',
  );
}

export function noteHeadNotClosed(file: string): AppError {
  return noteInvalid(
    { file, line: 1 },
    'The front matter begins with “---” but never ends.',
    'Close it with a line “---”, or put an empty line above the first one if it is meant as a rule.',
  );
}

export function noteHeadNotKeys(at: Place): AppError {
  return noteInvalid(at, 'The front matter is not a list of keys.', 'Write it as lines of “key: value”.');
}

export function noteTooLarge(file: string, limitBytes: number): AppError {
  return new AppError({
    code: 'file.too-large',
    message: `The note is larger than ${limitBytes} bytes.`,
    retry: 'operator',
    kept: 'The file is as it was; it is left out of memory, and all other notes stay in it.',
    remedy: 'Split it into several notes, one fact or decision each.',
    at: { file },
  });
}

/** A vector that cannot be compared with the others: wrong length, all zero, or not finite. */
export function vectorRefused(id: string, why: string): AppError {
  return new AppError({
    code: 'index.failed',
    message: `The vector of “${id}” ${why}.`,
    retry: 'never',
    kept: 'Nothing of this update was written; the index is as it was.',
    remedy: 'Leave the note out of the vector index, or embed it again with the same model as the others.',
  });
}

export function indexFolderForeign(folder: string): AppError {
  return new AppError({
    code: 'index.failed',
    message: `The folder “${folder}” holds files that are not of the index.`,
    retry: 'operator',
    kept: 'Nothing in it was changed. Search goes on by words alone.',
    remedy: 'Move these files elsewhere, then run “cairn memory reindex”.',
    at: { file: folder },
  });
}

/** Another process has kept the index locked for longer than any write takes. */
export function indexBusy(lockFile: string, waitedMs: number): AppError {
  return new AppError({
    code: 'index.failed',
    message: `Another process has been writing to the index for ${Math.round(waitedMs / 1000)} s.`,
    retry: 'later',
    kept: 'The notes and the index are as they were.',
    remedy: 'Try again; if it stays so, close other windows of this company.',
    at: { file: lockFile },
  });
}

export function indexUnusable(file: string, cause: unknown): AppError {
  return new AppError(
    {
      code: 'index.failed',
      message: `The index cannot be read or written: ${cause instanceof Error ? cause.message : String(cause)}.`,
      retry: 'later',
      kept: 'The notes are as they were; everything the index acknowledged is still in it.',
      remedy: 'Check that the disk has room and that the folder may be written.',
      at: { file },
    },
    { cause },
  );
}
