/** What may be tried after a failure: never again, later by itself, or after the operator has acted. */
export type RetryClass = 'never' | 'later' | 'operator';

/** The closed list of failure codes: area, then what went wrong. */
export type FailureCode =
  | 'company.missing'
  | 'company.exists'
  | 'company.read-only'
  | 'company.untrusted'
  | 'git.missing'
  | 'git.too-old'
  | 'git.not-a-repository'
  | 'git.no-commit'
  | 'git.detached'
  | 'git.busy'
  | 'git.failed'
  | 'git.moved'
  | 'path.outside'
  | 'path.protected'
  | 'file.missing'
  | 'file.too-large'
  | 'file.failed'
  | 'definition.invalid'
  | 'workflow.missing'
  | 'workflow.cycle'
  | 'agent.missing'
  | 'connector.missing'
  | 'connector.invalid'
  | 'connector.failed'
  | 'secret.missing'
  | 'input.invalid'
  | 'note.invalid'
  | 'index.failed'
  | 'model.not-configured'
  | 'model.refused'
  | 'model.unavailable'
  | 'model.limited'
  | 'model.cut-off'
  | 'model.invalid-reply'
  | 'check.failed'
  | 'policy.denied'
  | 'budget.spent'
  | 'limit.reached'
  | 'run.missing'
  | 'run.ended'
  | 'run.archived'
  | 'journal.corrupt'
  | 'journal.newer'
  | 'journal.fenced'
  | 'proposal.missing'
  | 'proposal.closed'
  | 'proposal.stale'
  | 'proposal.overlap'
  | 'proposal.empty'
  | 'apply.conflict'
  | 'apply.edited'
  | 'step.timed-out'
  | 'wait.expired'
  | 'operator.rejected'
  | 'operator.cancelled'
  | 'usage'
  | 'internal';

/** A place in a file of the company; `line` and `column` count from 1. */
export interface Place {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/** A failure as data: what a journal line, a webview message and `--json` carry. */
export interface Failure {
  readonly code: FailureCode;
  readonly message: string;
  readonly retry: RetryClass;
  /** What to do next, as an instruction to the operator. */
  readonly remedy?: string;
  /** What was kept in spite of the failure. */
  readonly kept?: string;
  readonly at?: Place;
  /** The least time to wait before a try `later`, as the other side asked for it. */
  readonly retryAfterMs?: number;
  /** The other side is known not to answer: it was not asked, or only to see whether it does again. */
  readonly inOutage?: true;
  /** The chain of causes, nearest first. */
  readonly causes?: readonly string[];
}

/** The only error that Cairn throws: a {@link Failure} on its way up. */
export class AppError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure, options?: { cause?: unknown }) {
    super(failure.message, options);
    this.name = 'AppError';
    this.failure = failure;
  }

  get code(): FailureCode {
    return this.failure.code;
  }
}

/** Turns anything thrown into a {@link Failure}; what is not an {@link AppError} is `internal`. */
export function toFailure(thrown: unknown): Failure {
  const causes = causesOf(thrown);
  if (thrown instanceof AppError) {
    return causes.length > 0 ? { causes, ...thrown.failure } : thrown.failure;
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return {
    code: 'internal',
    message: `Unexpected: ${message}`,
    retry: 'operator',
    remedy: 'Try again; if it happens twice, report it with the log (Cairn: Show Log).',
    ...(causes.length > 0 ? { causes } : {}),
  };
}

/** A failure in one line for a person: place, message, remedy. */
export function describeFailure(failure: Failure): string {
  const parts = [failure.at ? `${describePlace(failure.at)}: ${failure.message}` : failure.message];
  if (failure.kept) parts.push(failure.kept);
  if (failure.remedy) parts.push(failure.remedy);
  return parts.join(' ');
}

/** `file:line:column`, as editors and terminals make it clickable. */
export function describePlace(place: Place): string {
  return [place.file, place.line, place.column].filter((part) => part !== undefined).join(':');
}

function causesOf(thrown: unknown): string[] {
  const causes: string[] = [];
  let cause = thrown instanceof Error ? thrown.cause : undefined;
  while (cause instanceof Error && causes.length < 8) {
    causes.push(cause.message);
    cause = cause.cause;
  }
  return causes;
}
