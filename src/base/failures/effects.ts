import { AppError } from '../failure.ts';

/** What is said when something cannot be done outside. */
export const effectFailures = {
  unsure: (connector: string, why: string) =>
    new AppError({
      code: 'connector.failed',
      message: `What was sent through “${connector}” has not arrived. ${why}`,
      retry: 'later',
      kept: 'Nothing happens twice: it is looked for, or has the same key again.',
      remedy: `Check .cairn/connectors/${connector}.yaml and whether the other side can be reached.`,
    }),
  changed: (path: string, connector: string, operation: string) =>
    new AppError({
      code: 'policy.denied',
      message: `The approved file is not for “${operation}” through “${connector}”, which is what the step may do.`,
      retry: 'operator',
      kept: 'Nothing was sent.',
      remedy: 'Request changes, and leave “connector” and “operation” as they are.',
      at: { file: path },
    }),
  nothingApproved: (step: string) =>
    new AppError({
      code: 'proposal.missing',
      message: `Nothing of “${step}” is approved and committed, so nothing is sent.`,
      retry: 'operator',
      kept: 'Nothing was sent.',
      remedy: 'Retry the step that composes it.',
    }),
};
