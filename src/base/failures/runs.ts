import { AppError, type Failure, type Place } from '../failure.ts';

const OTHERS = 'All other runs go on.';

/** What a person is told when a run, its journal, its orders or a file of the company cannot be used. */
export const runFailures = {
  missing: (run: string) =>
    new AppError({
      code: 'run.missing',
      message: `There is no run “${run}” in this company.`,
      retry: 'never',
      remedy: 'List the runs with “cairn runs”, or in the Runs view.',
    }),

  /** Its folder is not here, so nothing can be recorded of it. */
  archived: (run: string) =>
    new AppError({
      code: 'run.archived',
      message: `Run ${run} is archived: it can be read, and reverted, but it cannot go on.`,
      retry: 'operator',
      kept: 'Its archive is as it was.',
      remedy: `Bring it back with “cairn restore ${run}”, or “Cairn: Restore Archived Run”, then try again.`,
    }),

  /** The run has gone on in another clone, and its archive was fetched from there. */
  archiveAhead: (run: string) =>
    new AppError({
      code: 'run.archived',
      message: `Run ${run} has gone on in another clone, and git has its archive from there.`,
      retry: 'operator',
      kept: 'What is here is the beginning of it, and as it was.',
      remedy: `Bring it up to date with “cairn restore ${run}”.`,
    }),

  /** The run has gone on in two clones. */
  archiveDiffers: (run: string) =>
    new AppError({
      code: 'run.archived',
      message: `Git has an archive of run ${run} that its journal here does not continue: it went on in another clone.`,
      retry: 'operator',
      kept: 'Both are as they were, and this folder is not pruned.',
      remedy: `To keep the archive, delete .cairn/runs/${run}. To keep what is here: git update-ref -d refs/cairn/runs/${run}/archive.`,
    }),

  archiveDamaged: (run: string, why: string, cause?: unknown): AppError =>
    new AppError(
      {
        code: 'journal.corrupt',
        message: `The archive of run ${run} ${why}.`,
        retry: 'operator',
        kept: `It is as it was. ${OTHERS}`,
        remedy: 'Fetch it anew from a clone that has it: git fetch origin “refs/cairn/*:refs/cairn/*”.',
      },
      { cause },
    ),

  /** A line that was not written by Cairn, or not kept as it was written. */
  corrupt: (at: Place, why: string): Failure => ({
    code: 'journal.corrupt',
    message: `This line of the run’s journal ${why}.`,
    retry: 'operator',
    kept: `What is recorded before it is shown; the run stands still and its file is untouched. ${OTHERS}`,
    remedy: 'Restore the file from a backup, or start the workflow again.',
    at,
  }),

  newer: (at: Place, version: number, known: number): Failure => ({
    code: 'journal.newer',
    message: `The run’s journal has format ${version}; this Cairn knows format ${known}.`,
    retry: 'operator',
    kept: `The run stands still and its file is untouched. ${OTHERS}`,
    remedy: 'Update Cairn, then resume the run.',
    at,
  }),

  /** Another process has taken the run over; this one must not write any more. */
  fenced: (run: string) =>
    new AppError({
      code: 'journal.fenced',
      message: `The run “${run}” is no longer executed by this process.`,
      retry: 'never',
      kept: 'Everything recorded so far is kept; this process records nothing more of it.',
      remedy: 'Open the run again to see how it goes on.',
    }),

  /** A record that could not be read again would stop its run for good, so it is not written. */
  eventRefused: (type: string, why: string) =>
    new AppError({
      code: 'internal',
      message: `An event “${type}” does not have the shape of its kind (${why}).`,
      retry: 'operator',
      kept: 'It was not recorded; the journal is as it was.',
      remedy: 'Resume the run; if it happens twice, report it with the log (Cairn: Show Log).',
    }),

  orderInvalid: (at: Place, why: string, kept: string) =>
    new AppError({
      code: 'input.invalid',
      message: `This order to the run cannot be read (${why}).`,
      retry: 'operator',
      kept,
      remedy: 'Decide again in Approvals, or with “cairn approve” or “cairn reject”.',
      at,
    }),

  /** The file system refused; the system's own words are kept as the cause. */
  fileFailed: (what: 'read' | 'written', path: string, cause: unknown) => {
    const readOnly = what === 'written' && ['EROFS', 'EACCES', 'EPERM'].includes(codeOf(cause));
    return new AppError(
      {
        code: readOnly ? 'company.read-only' : 'file.failed',
        message: `The file could not be ${what} (${causeText(cause)}).`,
        retry: 'operator',
        kept: 'What was on disk before is kept.',
        remedy: 'Check the free space and the rights of the company folder, then try again.',
        at: { file: path },
      },
      { cause },
    );
  },

  fileTooLarge: (path: string, bytes: number, limitBytes: number) =>
    new AppError({
      code: 'file.too-large',
      message: `The file has ${bytes} bytes; at most ${limitBytes} are read.`,
      retry: 'operator',
      kept: 'The file is as it was; it is left out, and everything else goes on.',
      remedy: 'Shorten it or split it.',
      at: { file: path },
    }),

  pathOutside: (path: string) =>
    new AppError({
      code: 'path.outside',
      message: `The path “${path}” leads out of the company folder.`,
      retry: 'never',
      kept: 'Nothing was read or written.',
      remedy:
        'Name a file inside the folder by its relative path with “/”, and not by a link that leads out.',
    }),
};

/** The system's code of an error such as `ENOENT`, or an empty text. */
export function codeOf(thrown: unknown): string {
  if (!(thrown instanceof Error) || !('code' in thrown)) return '';
  return typeof thrown.code === 'string' ? thrown.code : '';
}

function causeText(cause: unknown): string {
  return codeOf(cause) || (cause instanceof Error ? cause.message : String(cause));
}
