import { AppError, type FailureCode, type RetryClass } from '../failure.ts';

const NOTHING_TOUCHED = 'Nothing of yours was touched: branch, index and files are as they were.';
const NOT_PROPOSED = 'Nothing was proposed.';

/** What a person is told about git and about proposals that meet the operator's own work. */
export const gitFailures = {
  missing: () =>
    operatorMust('git.missing', 'Git was not found on this machine.', {
      remedy: 'Install Git 2.38 or newer (https://git-scm.com/downloads), then reload the window.',
    }),

  tooOld: (found: string, needed: string) =>
    operatorMust('git.too-old', `Git ${found} is too old; Cairn needs ${needed} or newer.`, {
      remedy: 'Update Git (https://git-scm.com/downloads), then reload the window.',
    }),

  notARepository: (folder: string) =>
    operatorMust('git.not-a-repository', `“${folder}” is not a git repository with files.`, {
      remedy: 'Open a company folder, or make one here with “cairn init” or “Cairn: Create Company”.',
    }),

  insideRepository: (folder: string, repository: string) =>
    operatorMust('git.not-a-repository', `“${folder}” is a part of the repository “${repository}”.`, {
      remedy: `Open “${repository}” itself, or make this folder a repository of its own with “git init”.`,
    }),

  notOwned: (folder: string) =>
    operatorMust('git.failed', `Git does not trust “${folder}”, because it belongs to another user.`, {
      remedy: `If you trust it, run: git config --global --add safe.directory "${folder}"`,
    }),

  noCommit: () =>
    operatorMust('git.no-commit', 'The repository has no commit yet, so there is nothing to build on.', {
      remedy: 'Make a first commit, for example: git add . && git commit -m "Start".',
    }),

  detached: () =>
    operatorMust(
      'git.detached',
      'No branch is checked out (detached HEAD), so the work has no branch to go to.',
      {
        kept: NOTHING_TOUCHED,
        remedy: 'Check out a branch, for example with “git switch main”, then resume the run.',
      },
    ),

  busy: (operation: string) =>
    operatorMust('git.busy', `A ${operation} is under way in the repository.`, {
      kept: NOTHING_TOUCHED,
      remedy: `Finish it or give it up (“git ${operation} ${givingUp(operation)}”), then resume the run.`,
    }),

  locked: (lock: string) =>
    new AppError({
      code: 'git.busy',
      message: 'Another git process holds the index of the repository.',
      retry: 'later',
      kept: 'What is committed is kept; files and index are brought along on the next try.',
      remedy: `Wait for it to end, then resume the run. If none is running, delete “${lock}”.`,
    }),

  moved: (branch: string) =>
    new AppError({
      code: 'git.moved',
      message: `The branch ${shortBranch(branch)} changed while the work was being applied.`,
      retry: 'later',
      kept: NOTHING_TOUCHED,
      remedy: 'Resume the run; it merges onto the newest commit.',
    }),

  unknownCommit: (revision: string) =>
    operatorMust('git.failed', `The commit “${revision}” is not in this repository.`, {
      remedy: 'Fetch it if it was made on another machine; otherwise start the run again.',
    }),

  unusableRun: (run: string) =>
    operatorMust(
      'input.invalid',
      `“${run}” cannot be the name of a run, because git cannot name a ref after it.`,
      {
        kept: NOT_PROPOSED,
        remedy: 'Use letters, digits and hyphens.',
      },
    ),

  failed: (command: string, complaint: string) =>
    operatorMust('git.failed', `git ${command} failed: ${firstLine(complaint) || 'it gave no reason'}`, {
      remedy: 'Run “git status” and “git fsck” in the company folder to see what is wrong, then try again.',
    }),

  timedOut: (command: string, afterMs: number) =>
    new AppError({
      code: 'git.failed',
      message: `git ${command} did not answer within ${Math.round(afterMs / 1000)} seconds and was ended.`,
      retry: 'later',
      remedy: 'Try again; if commits are signed, make sure that signing needs no question answered.',
    }),

  tooMuchOutput: (command: string, limitBytes: number) =>
    operatorMust('limit.reached', `git ${command} answered with more than ${limitBytes} bytes.`, {
      kept: 'The answer was dropped; nothing was changed.',
      remedy: 'Narrow what is read: fewer files, or smaller ones.',
    }),

  protectedPath: (path: string, why: string) =>
    new AppError({
      code: 'path.protected',
      message: `“${path}” cannot be changed by a proposal: ${why}.`,
      retry: 'never',
      kept: NOT_PROPOSED,
      remedy: 'Name another file, or change this one yourself.',
    }),

  pathTwice: (path: string) =>
    new AppError({
      code: 'input.invalid',
      message: `“${path}” is changed twice in the same proposal.`,
      retry: 'never',
      kept: NOT_PROPOSED,
      remedy: 'Change each file once.',
    }),

  tooManyFiles: (count: number, limit: number) =>
    operatorMust(
      'limit.reached',
      `The proposal changes ${count} files; at most ${limit} can be reviewed at once.`,
      {
        kept: NOT_PROPOSED,
        remedy: 'Split the step into several.',
      },
    ),

  tooLarge: (path: string, bytes: number, limitBytes: number) =>
    new AppError({
      code: 'file.too-large',
      message: `The file has ${bytes} bytes; Cairn reads, changes and undoes files of at most ${limitBytes}.`,
      retry: 'operator',
      kept: 'The file is as it was.',
      remedy: 'Split it, or leave it out.',
      at: { file: path },
    }),

  nothingProposed: () =>
    new AppError({
      code: 'proposal.empty',
      message: 'The proposal changes nothing: every file is already as it would be.',
      retry: 'never',
      kept: NOTHING_TOUCHED,
      remedy: 'Nothing needs to be done.',
    }),

  alreadyThere: () =>
    new AppError({
      code: 'proposal.empty',
      message: 'The branch already has everything that the proposal changes.',
      retry: 'never',
      kept: NOTHING_TOUCHED,
      remedy: 'Nothing needs to be done.',
    }),

  conflict: (paths: readonly string[]) =>
    operatorMust('apply.conflict', `You and the proposal changed the same lines of ${listed(paths)}.`, {
      kept: NOTHING_TOUCHED,
      remedy: 'Ask for a new version, which is made on the newest commit, or reject the proposal.',
    }),

  undoConflict: (commit: string, paths: readonly string[]) =>
    operatorMust(
      'apply.conflict',
      `Later edits overlap what ${commit.slice(0, 10)} changed in ${listed(paths)}.`,
      {
        kept: NOTHING_TOUCHED,
        remedy: `Undo the later edits first, or take back these files by hand (“git show ${commit.slice(0, 10)}”).`,
      },
    ),

  edited: (paths: readonly string[]) =>
    operatorMust('apply.edited', `There are changes of yours, not committed yet, in ${listed(paths)}.`, {
      kept: 'Your changes are kept; nothing was touched.',
      remedy: 'Commit them or take them back, then resume the run.',
    }),
} as const;

type Advice = { readonly kept?: string; readonly remedy: string };

function operatorMust(code: FailureCode, message: string, advice: Advice): AppError {
  const retry: RetryClass = 'operator';
  return new AppError({ code, message, retry, ...advice });
}

function givingUp(operation: string): string {
  return operation === 'bisect' ? 'reset' : '--abort';
}

function shortBranch(branch: string): string {
  return branch.replace(/^refs\/heads\//, '');
}

function firstLine(text: string): string {
  const line = text.split('\n').find((candidate) => candidate.trim() !== '') ?? '';
  return line
    .trim()
    .replace(/^(fatal|error): /, '')
    .slice(0, 400);
}

function listed(paths: readonly string[]): string {
  const named = paths.slice(0, 5).map((path) => `“${path}”`);
  if (paths.length > 5) named.push(`${paths.length - 5} more`);
  const last = named.pop() ?? 'the files';
  return named.length > 0 ? `${named.join(', ')} and ${last}` : last;
}
