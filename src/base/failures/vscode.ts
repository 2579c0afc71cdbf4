import { AppError } from '../failure.ts';

/** What the editor's shell says when it cannot do as it was asked. */
export const shellFailures = {
  noFolder: () =>
    new AppError({
      code: 'company.missing',
      message: 'No folder is open.',
      retry: 'operator',
      remedy: 'Open the folder of your company, or create one with “Cairn: Create Company”.',
    }),
  noCompany: () =>
    new AppError({
      code: 'company.missing',
      message: 'This folder is not a company yet.',
      retry: 'operator',
      remedy: 'Create one here with “Cairn: Create Company”.',
    }),
  editorModelMissing: (family: string | undefined) =>
    new AppError({
      code: 'model.not-configured',
      message: family ? `The editor has no language model “${family}”.` : 'The editor has no language model.',
      retry: 'operator',
      kept: 'What the run has done so far is kept.',
      remedy:
        'Sign in to a provider of chat models, or choose another model with “Cairn: Configure Models”, then retry.',
    }),
  editorModelRefused: (why: string, cause: unknown) =>
    new AppError(
      {
        code: 'model.refused',
        message: `The editor’s language model refused the request: ${why}`,
        retry: 'operator',
        kept: 'What the run has done so far is kept.',
        remedy: 'Allow Cairn to use language models when the editor asks, then retry the run.',
      },
      { cause },
    ),
  editorModelLimited: (why: string, cause: unknown) =>
    new AppError(
      {
        code: 'model.limited',
        message: `The editor’s language model asks for fewer requests: ${why}`,
        retry: 'later',
        kept: 'What the run has done so far is kept.',
        remedy:
          'It is tried again by itself; choose another model with “Cairn: Configure Models” if this lasts.',
      },
      { cause },
    ),
  editorModelFailed: (why: string, cause: unknown) =>
    new AppError(
      {
        code: 'model.unavailable',
        message: `The editor’s language model did not answer: ${why}`,
        retry: 'later',
        kept: 'What the run has done so far is kept.',
        remedy: 'It is tried again by itself.',
      },
      { cause },
    ),
  editorModelCancelled: () =>
    new AppError({
      code: 'operator.cancelled',
      message: 'The call to the language model was cancelled.',
      retry: 'operator',
      kept: 'What the run has done so far is kept.',
      remedy: 'Resume the run when you are ready.',
    }),
  sourceMissing: (uri: string) =>
    new AppError({
      code: 'file.missing',
      message: `${uri} is not in the company any more, or is not a file.`,
      retry: 'never',
    }),
} as const;
