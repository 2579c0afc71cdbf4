import { AppError } from '../failure.ts';
import type { Place } from '../failure.ts';
import { nearestName } from '../nearest-name.ts';

const listed = (names: readonly string[]) => (names.length > 0 ? names.join(', ') : 'none');

/** Effects that nothing takes back, for people: those that have left, and those that may have. */
interface LastingEffects {
  readonly lasting: readonly string[];
  readonly doubtful: readonly string[];
}

/** What the use cases say when they cannot go on. */
export const appFailures = {
  companyMissing: (root: string) =>
    new AppError({
      code: 'company.missing',
      message: `${root} is not a company: it has no .cairn folder.`,
      retry: 'operator',
      remedy: 'Run “cairn init” here, or “Cairn: Create Company”.',
    }),
  untrusted: () =>
    new AppError({
      code: 'company.untrusted',
      message: 'This folder is not trusted, so nothing of it is run.',
      retry: 'operator',
      kept: 'Runs and notes can be read.',
      remedy: 'Trust the folder to go on (Manage Workspace Trust).',
    }),
  companyExists: (root: string) =>
    new AppError({
      code: 'company.exists',
      message: `${root} is a company already.`,
      retry: 'never',
      kept: 'Nothing was changed.',
    }),
  workflowMissing: (id: string, known: readonly string[]) => {
    const nearest = nearestName(id, known);
    return new AppError({
      code: 'workflow.missing',
      message: `There is no workflow “${id}”.`,
      retry: 'operator',
      remedy: nearest ? `Did you mean “${nearest}”?` : `Known workflows: ${listed(known)}.`,
    });
  },
  agentMissing: (id: string, at: Place) =>
    new AppError({
      code: 'agent.missing',
      message: `There is no agent “${id}”.`,
      retry: 'operator',
      remedy: `Create .cairn/agents/${id}.agent.md, or name another agent in the step.`,
      at,
    }),
  promptMissing: (name: string, file: string) =>
    new AppError({
      code: 'file.missing',
      message: `The prompt file “${name}” is not there.`,
      retry: 'operator',
      remedy: `Create it beside the workflow, or remove “prompt” from the step.`,
      at: { file },
    }),
  connectorMissing: (id: string, at: Place) =>
    new AppError({
      code: 'connector.missing',
      message: `There is no connector “${id}”.`,
      retry: 'operator',
      remedy: `Create .cairn/connectors/${id}.yaml, or name another connector in the step.`,
      at,
    }),
  fileMissing: (path: string) =>
    new AppError({
      code: 'file.missing',
      message: `${path} is not there.`,
      retry: 'operator',
      remedy: 'Check the path, or create the file.',
      at: { file: path },
    }),
  noteTwice: (path: string, id: string, other: string) =>
    new AppError({
      code: 'note.invalid',
      message: `The id “${id}” is that of ${other} too.`,
      retry: 'operator',
      kept: 'The other note is kept in the index, this one is left out.',
      remedy: 'Give one of them another id.',
      at: { file: path },
    }),
  inputUnknown: (name: string, known: readonly string[]) =>
    new AppError({
      code: 'input.invalid',
      message: `The workflow has no input “${name}”.`,
      retry: 'operator',
      remedy: `Its inputs: ${listed(known)}.`,
    }),
  inputMissing: (name: string) =>
    new AppError({
      code: 'input.invalid',
      message: `The input “${name}” has no value and no default.`,
      retry: 'operator',
      remedy: `Give it with --input ${name}=…, or add a default to the workflow.`,
    }),
  inputWrong: (name: string, needs: string) =>
    new AppError({
      code: 'input.invalid',
      message: `The input “${name}” must be ${needs}.`,
      retry: 'operator',
    }),
  runMissing: (part: string) =>
    new AppError({
      code: 'run.missing',
      message: `There is no run “${part}”.`,
      retry: 'operator',
      remedy: 'See “cairn runs” for those there are.',
    }),
  stepMissing: (run: string, step: string) =>
    new AppError({ code: 'run.missing', message: `Run ${run} has no step “${step}”.`, retry: 'never' }),
  runAmbiguous: (part: string, runs: readonly string[]) =>
    new AppError({
      code: 'usage',
      message: `“${part}” fits several runs: ${runs.slice(0, 5).join(', ')}.`,
      retry: 'operator',
      remedy: 'Write more of the id.',
    }),
  proposalMissing: (id: string) =>
    new AppError({
      code: 'proposal.missing',
      message: `There is no proposal “${id}”.`,
      retry: 'operator',
      remedy: 'See “cairn proposals” for those that wait.',
    }),
  proposalClosed: (id: string, status: string) =>
    new AppError({
      code: 'proposal.closed',
      message: `Proposal ${id} is ${status}, so there is nothing to decide.`,
      retry: 'never',
    }),
  proposalNotAsked: (id: string) =>
    new AppError({
      code: 'proposal.closed',
      message: `Proposal ${id} is still being worked on.`,
      retry: 'later',
      remedy: 'It can be decided once its run reaches the gate.',
    }),
  proposalOfEndedRun: (id: string) =>
    new AppError({
      code: 'proposal.closed',
      message: `The run of proposal ${id} has ended, so it cannot be decided.`,
      retry: 'operator',
      kept: 'The proposal is kept.',
      remedy: 'Retry the run to go on with it.',
    }),
  proposalStale: (id: string) =>
    new AppError({
      code: 'proposal.stale',
      message: `Proposal ${id} has a newer version than the one you looked at.`,
      retry: 'operator',
      kept: 'Nothing was decided.',
      remedy: 'Review it again.',
    }),
  commentMissing: () =>
    new AppError({
      code: 'usage',
      message: 'A request for changes needs to say what should change.',
      retry: 'operator',
    }),
  runNotFailed: (run: string) =>
    new AppError({
      code: 'run.ended',
      message: `Run ${run} has not failed, so there is nothing to retry.`,
      retry: 'never',
    }),
  stepNotFailed: (name: string) =>
    new AppError({
      code: 'run.ended',
      message: `“${name}” has not failed, so it can be neither retried nor skipped.`,
      retry: 'never',
    }),
  gateNotSkipped: (step: string) =>
    new AppError({
      code: 'usage',
      message: `“${step}” is a gate, and what it asks is decided by you or by policy, not passed over.`,
      retry: 'operator',
      remedy: 'Retry it, or stop the run.',
    }),
  reasonMissing: () =>
    new AppError({
      code: 'usage',
      message: 'Skipping a step needs a reason: it is kept with the run.',
      retry: 'operator',
    }),
  inputOfWhichStep: () =>
    new AppError({
      code: 'usage',
      message: 'An edited input needs the step that it belongs to.',
      retry: 'operator',
      remedy: 'Name it with --step.',
    }),
  inputNotOfStep: (name: string, key: string, known: readonly string[]) =>
    new AppError({
      code: 'usage',
      message: `“${name}” has no input “${key}” that could be edited.`,
      retry: 'operator',
      remedy: known.length > 0 ? `It has: ${listed(known)}.` : 'Change the workflow and start a new run.',
    }),
  nothingAsked: (name: string) =>
    new AppError({
      code: 'run.ended',
      message: `“${name}” does not wait for an answer.`,
      retry: 'never',
    }),
  askedAnew: (name: string, question: string) =>
    new AppError({
      code: 'run.ended',
      message: `“${name}” does not ask any more what you have answered.`,
      retry: 'operator',
      kept: 'Nothing was answered.',
      remedy: `It asks now: ${question}`,
    }),
  answerOfWhich: (name: string, written: string) =>
    new AppError({
      code: 'usage',
      message: `“${name}” has asked more than once.`,
      retry: 'operator',
      kept: 'Nothing was answered.',
      remedy: `Look at what it asks now with “cairn show”, then write ${written}.`,
    }),
  notAnOption: (choice: string, options: readonly string[]) =>
    new AppError({
      code: 'usage',
      message: `“${choice}” is not one of the answers.`,
      retry: 'operator',
      remedy: `Choose one of: ${listed(options)}.`,
    }),
  answerIncomplete: (run: string, questions: readonly string[]) =>
    new AppError({
      code: 'usage',
      message:
        questions.length === 0
          ? `Run ${run} asks for no answer.`
          : `Say which question of ${run} you answer, and what: ${questions.join('; ')}.`,
      retry: 'operator',
      remedy:
        questions.length === 0
          ? `See what it waits for: cairn show ${run}`
          : `Write: cairn answer ${run} STEP CHOICE`,
    }),
  eventUnknown: (event: string, known: readonly string[]) =>
    new AppError({
      code: 'usage',
      message: `No step of the run waits for “${event}”.`,
      retry: 'operator',
      remedy: known.length > 0 ? `It waits for: ${known.join(', ')}.` : 'It waits for no event at all.',
    }),
  runOver: (run: string) =>
    new AppError({ code: 'run.ended', message: `Run ${run} is over.`, retry: 'never' }),
  nothingToRevert: (target: string, { lasting, doubtful }: LastingEffects = { lasting: [], doubtful: [] }) =>
    new AppError({
      code: 'proposal.empty',
      message: `${target} has no applied change on this branch, so there is nothing to undo.`,
      retry: 'never',
      ...(doubtful.length > 0
        ? { kept: `It is not known whether it was sent: ${doubtful.join(', ')}.` }
        : {}),
      ...(lasting.length > 0 ? { remedy: `By hand, if you can: ${lasting.join(', ')}.` } : {}),
    }),
  nothingRead: (patterns: readonly string[]) =>
    new AppError({
      code: 'file.missing',
      message: `Nothing to read: ${patterns.join(', ')} fits no file of the company.`,
      retry: 'operator',
      remedy: 'Check the path in the run’s input or in the step’s “read”.',
    }),
  tooMuchToRead: (what: string, limit: string) =>
    new AppError({
      code: 'limit.reached',
      message: `The step reads too much: ${what}, the limit is ${limit}.`,
      retry: 'operator',
      remedy: 'Read fewer or smaller files in this step.',
    }),
  notAllowedToWrite: (path: string, allowed: readonly string[]) =>
    new AppError({
      code: 'policy.denied',
      message: `The step would write ${path}, which the workflow’s permissions do not allow.`,
      retry: 'operator',
      kept: 'Nothing was proposed.',
      remedy: `It may write: ${listed(allowed)}.`,
    }),
  overlapping: (path: string, numbers: readonly number[]) =>
    new AppError({
      code: 'proposal.overlap',
      message: `${path} is changed by proposals ${numbers.join(' and ')}, which do not build on each other.`,
      retry: 'operator',
      remedy: 'Put a gate between the steps, or let one of them need the other.',
    }),
  checkFailed: (complaints: readonly string[]) => {
    const [first = '', ...others] = complaints;
    return new AppError({
      code: 'check.failed',
      message: `${others.length === 0 ? 'A check' : `${complaints.length} checks`} failed: ${first.replace(/\.$/, '')}.`,
      retry: 'operator',
      kept: 'The work is kept as a proposal of the run.',
      remedy:
        'Retry to let the agent try again. After a change of the workflow start a new run: a run keeps the one it began with.',
      ...(others.length > 0 ? { causes: others } : {}),
    });
  },
  nothingFetched: (connector: string, operation: string, parameters: string) =>
    new AppError({
      code: 'connector.failed',
      message: `The connector “${connector}” has nothing to read with “${operation}”${parameters && ` (${parameters})`}.`,
      retry: 'operator',
      remedy: 'Check the run’s input and the step’s “with”, or put something there to be read.',
    }),
  timedOut: (step: string, minutes: number) =>
    new AppError({
      code: 'step.timed-out',
      message: `${step} took longer than ${minutes} minutes.`,
      retry: 'later',
      remedy: 'Raise the step’s “timeout” if it needs more.',
    }),
};
