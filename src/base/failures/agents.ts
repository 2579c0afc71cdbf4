import { AppError, type Place } from '../failure.ts';
import { nearestName } from '../nearest-name.ts';

const keptFiles = 'Nothing was started or changed; the other agents keep working.';
const keptRun = 'What the run has done so far is kept.';

/** What a person is told about agent files, templates and replies. */
export const agentFailures = {
  badFileName: (file: string, why: string) =>
    invalid({ file }, `The file’s name is not usable as an agent’s name: ${why}.`, {
      kept: keptFiles,
      remedy: 'Rename it to <name>.agent.md, e.g. executor.agent.md.',
    }),

  noFrontMatter: (file: string) =>
    invalid({ file, line: 1, column: 1 }, 'The file does not begin with front matter.', {
      kept: keptFiles,
      remedy: 'Begin with “---”, lines such as “name: Executor” and “role: executor”, then “---”.',
    }),

  openFrontMatter: (file: string) =>
    invalid({ file, line: 1, column: 1 }, 'The front matter that begins here is never closed.', {
      kept: keptFiles,
      remedy: 'Add a line “---” between the front matter and the instructions.',
    }),

  unknownVariable: (at: Place, subject: string, variable: string, known: readonly string[]) =>
    invalid(at, `${subject} uses “${variable}”, which does not exist here${guess(variable, known)}`, {
      kept: keptRun,
      remedy: `Use one of ${known.join(', ')}, or allow for its absence with “| default: ""”.`,
    }),

  badTemplate: (at: Place, subject: string, why: string) =>
    invalid(at, `${subject} cannot be rendered: ${why}.`, {
      kept: keptRun,
      remedy: 'Correct the template and save the file.',
    }),

  longTemplate: (at: Place, subject: string, characters: number) =>
    new AppError({
      code: 'limit.reached',
      message: `${subject} renders to more than ${characters} characters.`,
      retry: 'operator',
      kept: keptRun,
      remedy: 'Name files under “read” instead of pasting them in, or shorten what the template loops over.',
      at,
    }),

  invalidReply: (label: string, complaint: string) =>
    new AppError({
      code: 'model.invalid-reply',
      message: `${label} answered twice with something that cannot be used. ${complaint}`,
      retry: 'operator',
      kept: `Both answers were dropped. ${keptRun}`,
      remedy: 'Retry the step; if it happens again, give its agent a stronger model (“model: deep”).',
    }),
} as const;

function invalid(
  at: Place,
  message: string,
  more: { readonly kept: string; readonly remedy: string },
): AppError {
  return new AppError({ code: 'definition.invalid', message, retry: 'operator', at, ...more });
}

function guess(written: string, known: readonly string[]): string {
  const nearest = nearestName(written, known);
  return nearest === undefined ? '.' : `; did you mean “${nearest}”?`;
}
