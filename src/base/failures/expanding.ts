import { AppError, type Place } from '../failure.ts';
import { limits } from '../limits.ts';

const kept = 'Everything done so far is kept.';

/** What is said when a step cannot be carried out by steps of its own. */
export const expandingFailures = {
  notAList: (at: Place, expression: string, what: string) =>
    new AppError({
      code: 'definition.invalid',
      message: `“${expression}” is ${what}, and a map needs a list, or a text with an item on each line.`,
      retry: 'operator',
      kept,
      remedy:
        'Name a list, or make one of it, e.g. with “| split: ","”, and start a new run; or skip the step.',
      at,
    }),
  tooManyItems: (name: string, items: number) =>
    new AppError({
      code: 'limit.reached',
      message: `“${name}” has ${items} items; a map may have ${limits.mapItems}.`,
      retry: 'operator',
      kept,
      remedy: 'Give it fewer items, or start a run for each batch of them.',
    }),
  itemFromOutside: (at: Place, subject: string) =>
    new AppError({
      code: 'definition.invalid',
      message: `${subject} would hold an item that comes from outside, and nothing from outside becomes an instruction.`,
      retry: 'operator',
      kept,
      remedy: 'Leave “item” out of it: the step is given its item as material.',
      at,
    }),
  noMoment: (at: Place, until: string, why: string) =>
    new AppError({
      code: 'definition.invalid',
      message: `“${until}” is no moment to wait for (${why.replace(/\.$/, '')}).`,
      retry: 'operator',
      kept,
      remedy: 'Write a date and time (2026-12-01T09:00) or a cron pattern (0 9 * * 1).',
      at,
    }),
  planUndecided: (path: string) =>
    new AppError({
      code: 'proposal.closed',
      message: `${path} is proposed and not decided, so its steps are not carried out.`,
      retry: 'operator',
      kept,
      remedy: 'Put a gate between the step that writes the plan and the one that carries it out.',
      at: { file: path },
    }),
  planFromOutside: (path: string) =>
    new AppError({
      code: 'policy.denied',
      message: `${path} is put there by others, and nothing from outside is carried out.`,
      retry: 'operator',
      kept,
      remedy: 'Keep plans in a folder that no connector reads.',
      at: { file: path },
    }),
  planMissing: (path: string) =>
    new AppError({
      code: 'file.missing',
      message: `There is no plan ${path}.`,
      retry: 'operator',
      kept,
      remedy: 'Create the file, or skip the step.',
      at: { file: path },
    }),
  planWithoutSteps: (path: string) =>
    new AppError({
      code: 'definition.invalid',
      message: 'The plan holds no steps: a block that begins with “```yaml” and has “steps:”.',
      retry: 'operator',
      kept,
      remedy: 'Add the block and retry the step, or skip it.',
      at: { file: path },
    }),
};
