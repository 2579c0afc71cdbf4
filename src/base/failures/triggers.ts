import { AppError, type Failure, type Place } from '../failure.ts';

/** What a person is told about what starts runs, and what keeps them from starting. */
export const triggerFailures = {
  inputFromOutside: (name: string, origin: { readonly file: string; readonly part: { name: string } }) =>
    new AppError({
      code: 'policy.denied',
      message: `${origin.part.name} names the input “${name}”, which the run’s trigger has filled with text from outside: it has no authority over an agent.`,
      retry: 'operator',
      kept: 'The run and its inputs are kept.',
      remedy: 'Let a connector’s step read it, or name it in “read” or “recall”.',
      at: { file: origin.file },
    }),

  /** What was remembered of a trigger cannot be read. */
  stateDamaged: (at: Place, aside: string): Failure => ({
    code: 'file.failed',
    message: 'What was remembered of a trigger cannot be read.',
    retry: 'never',
    kept: `The file is kept as ${aside}. What is there now starts nothing; what comes from now on does.`,
    remedy: 'Start by hand what should have been started meanwhile.',
    at,
  }),

  tooManyFiles: (what: string, limit: number) =>
    new AppError({
      code: 'limit.reached',
      message: `The trigger looks at more than ${limit} ${what}.`,
      retry: 'operator',
      kept: 'It starts nothing until then; the others go on.',
      remedy: 'Narrow its “paths”.',
    }),

  slowConnector: (connector: string, limitMs: number) =>
    new AppError({
      code: 'connector.failed',
      message: `The connector “${connector}” has not answered within ${limitMs / 1_000} s.`,
      retry: 'later',
    }),

  /** Another process keeps the triggers by now. */
  notKept: () =>
    new AppError({
      code: 'journal.fenced',
      message: 'The triggers are no longer kept by this process.',
      retry: 'later',
      kept: 'What was started goes on; what is due is started by the process that keeps them.',
    }),
};

/** What a trigger has passed over and why, one sentence each. */
export const triggerNotes = {
  kept: () => 'Kept from now on: what is there already starts nothing.',
  passedOver: (count: number, more: boolean) =>
    `${more ? `More than ${count}` : count} ${count === 1 && !more ? 'time' : 'times'} passed while no Cairn was open, and ${count === 1 && !more ? 'is' : 'are'} not caught up with.`,
  clockWasAhead: () => 'The clock was set back; the schedule is kept from now on.',
  moreItems: (count: number) => `${count} more new items wait for the next look.`,
  moreFiles: (count: number) => `${count} more new files wait for the next look.`,
  chainTooLong: (path: string, runs: readonly string[]) =>
    `${path} was written by the last of ${runs.length} runs that started each other (${runs.join(' → ')}); a longer chain is not started. Start it by hand if it is meant.`,
};
