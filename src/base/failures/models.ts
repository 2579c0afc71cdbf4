import { AppError } from '../failure.ts';

const KEPT = 'What the run has done so far is kept.';

/** What a person is told when a language model cannot answer. Texts never hold a key. */
export const modelFailures = {
  notConfigured: (id: string) =>
    new AppError({
      code: 'model.not-configured',
      message: `The model provider “${id}” is not set up.`,
      retry: 'operator',
      kept: KEPT,
      remedy: 'Run “Cairn: Configure Models”, or choose the offline model, then retry.',
    }),

  badAddress: () =>
    new AppError({
      code: 'model.not-configured',
      message: 'The address of the model server is not a web address.',
      retry: 'operator',
      remedy: 'Give one such as https://api.openai.com/v1 with “Cairn: Configure Models”.',
    }),

  badKey: (who: string, status: number) =>
    new AppError({
      code: 'model.refused',
      message: `${who} did not accept the API key (${status}).`,
      retry: 'operator',
      kept: KEPT,
      remedy: 'Set a valid key with “Cairn: Configure Models” (CAIRN_API_KEY for the CLI), then retry.',
    }),

  refused: (who: string, why: string) =>
    new AppError({
      code: 'model.refused',
      message: `${who} refused the request: ${why}.`,
      retry: 'operator',
      kept: KEPT,
      remedy: 'Check the server’s address, the model’s name and the text it was given, then retry.',
    }),

  filtered: (who: string) =>
    new AppError({
      code: 'model.refused',
      message: `${who} declined to answer because of its content rules.`,
      retry: 'operator',
      kept: KEPT,
      remedy: 'Change the objective or the sources of this step, then retry.',
    }),

  limited: (who: string, retryAfterMs: number | undefined) =>
    new AppError({
      code: 'model.limited',
      message:
        retryAfterMs === undefined
          ? `${who} asks for fewer requests.`
          : `${who} asks for fewer requests and to wait ${Math.ceil(retryAfterMs / 1000)} s.`,
      retry: 'later',
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      kept: KEPT,
      remedy: 'It is tried again by itself; raise the limit at the provider if this keeps happening.',
    }),

  quotaSpent: (who: string) =>
    new AppError({
      code: 'model.limited',
      message: `${who} says that the account’s quota is spent.`,
      retry: 'operator',
      kept: KEPT,
      remedy: 'Add credit at the provider or choose another model, then retry.',
    }),

  unavailable: (who: string, why: string) =>
    new AppError({
      code: 'model.unavailable',
      message: `${who} cannot be reached: ${why}.`,
      retry: 'later',
      kept: KEPT,
      remedy: 'It is tried again by itself; check the connection and that the server is running.',
    }),

  cutOff: (who: string, why: string) =>
    new AppError({
      code: 'model.cut-off',
      message: `The answer of ${who} was cut off: ${why}.`,
      retry: 'later',
      kept: 'The incomplete answer was dropped. ' + KEPT,
      remedy: 'It is tried again by itself.',
    }),

  tooLong: (who: string, maxTokens: number) =>
    new AppError({
      code: 'model.cut-off',
      message: `The answer of ${who} did not fit into ${maxTokens} tokens.`,
      retry: 'operator',
      kept: 'The incomplete answer was dropped. ' + KEPT,
      remedy: 'Ask for less in this step (fewer or shorter files), or choose another model, then retry.',
    }),

  notACompletion: (who: string) =>
    new AppError({
      code: 'model.invalid-reply',
      message: `${who} answered with something that is no chat completion.`,
      retry: 'operator',
      kept: KEPT,
      remedy: 'Check the server’s address with “Cairn: Configure Models”; it usually ends in /v1.',
    }),

  cancelled: () =>
    new AppError({
      code: 'operator.cancelled',
      message: 'The call to the model was cancelled.',
      retry: 'operator',
      kept: KEPT,
      remedy: 'Resume the run when you are ready.',
    }),
} as const;
