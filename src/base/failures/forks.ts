import { AppError } from '../failure.ts';

const nothingForked = 'Nothing was forked or stopped.';
const listed = (names: readonly string[]) => (names.length > 0 ? names.join(', ') : 'none');

/** What a person is told when a run cannot be forked, migrated or replayed as asked. */
export const forkFailures = {
  noSuchStep: (run: string, step: string, done: readonly string[]) =>
    new AppError({
      code: 'usage',
      message: `Run ${run} has no step “${step}”.`,
      retry: 'operator',
      kept: nothingForked,
      remedy: `Steps that are done: ${listed(done)}.`,
    }),
  stepNotDone: (run: string, step: string, done: readonly string[]) =>
    new AppError({
      code: 'usage',
      message: `“${step}” of run ${run} is not done, so there is nothing behind it to fork from.`,
      retry: 'operator',
      kept: nothingForked,
      remedy: `Steps that are done: ${listed(done)}.`,
    }),
  noSuchRecord: (run: string, at: number, last: number) =>
    new AppError({
      code: 'usage',
      message: `Run ${run} has no record ${at}.`,
      retry: 'operator',
      kept: nothingForked,
      remedy: `It has records 1 to ${last}, a line each in .cairn/runs/${run}/journal.jsonl.`,
    }),
  twoCheckpoints: () =>
    new AppError({
      code: 'usage',
      message: 'A fork begins either after a step or at a record.',
      retry: 'operator',
      kept: nothingForked,
      remedy: 'Give --after or --at, not both.',
    }),
  /** The run is over, so there is nothing to be stopped. */
  nothingToMigrate: (run: string) =>
    new AppError({
      code: 'run.ended',
      message: `Run ${run} is over, so there is nothing to migrate.`,
      retry: 'operator',
      kept: nothingForked,
      remedy: `Fork it to go on from it on the current definition: cairn fork ${run} --definition current.`,
    }),
  alreadyMigrated: (run: string, next: string) =>
    new AppError({
      code: 'run.ended',
      message: `Run ${run} was migrated to ${next}.`,
      retry: 'never',
      kept: nothingForked,
    }),
  sameDefinition: (run: string) =>
    new AppError({
      code: 'usage',
      message: `Run ${run} is on the current definition already.`,
      retry: 'never',
      kept: nothingForked,
    }),
  /** It came to its end before it could be stopped. */
  endedMeanwhile: (run: string) =>
    new AppError({
      code: 'run.ended',
      message: `Run ${run} came to its end before it could be stopped.`,
      retry: 'never',
      kept: 'It was not migrated; what it has done stays as it is.',
    }),
  /** Another process has the run and has not let go of it. */
  notStopped: (run: string, waitedSeconds: number) =>
    new AppError({
      code: 'limit.reached',
      message: `Run ${run} is executed by another process, which has not stopped it within ${waitedSeconds} seconds.`,
      retry: 'operator',
      kept: 'The order to stop it stands; nothing was forked yet.',
      remedy: `Migrate it once more: cairn migrate ${run}.`,
    }),
} as const;
