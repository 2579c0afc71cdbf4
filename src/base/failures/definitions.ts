import { AppError, describePlace, type Place } from '../failure.ts';
import { nearestName } from '../nearest-name.ts';

/** One thing that is wrong with a definition, in a sentence, where it is written. */
export interface Flaw {
  readonly at: Place;
  readonly message: string;
  readonly remedy?: string | undefined;
}

const kept = 'Nothing was started or changed; the other files keep working.';
const correct = 'Correct it and save the file.';

/** Flaws of one file as one failure: the first in the order of the file leads, the others are its causes. */
export function invalidDefinition(flaws: readonly [Flaw, ...Flaw[]]): AppError {
  const [first, ...others] = inFileOrder(flaws);
  return new AppError({
    code: 'definition.invalid',
    message: first.message,
    retry: 'operator',
    kept,
    remedy: first.remedy ?? correct,
    at: first.at,
    ...(others.length > 0
      ? { causes: others.map((flaw) => `${describePlace(flaw.at)}: ${flaw.message}`) }
      : {}),
  });
}

export function definitionTooLarge(file: string, bytes: number, limitBytes: number): AppError {
  return new AppError({
    code: 'file.too-large',
    message: `The file has ${bytes} bytes; a definition may have ${limitBytes}.`,
    retry: 'operator',
    kept,
    remedy: 'Shorten it; long texts belong into a *.prompt.md file beside it.',
    at: { file },
  });
}

/** Steps that wait for each other; `loop` begins and ends with the same step. */
export function workflowCycle(at: Place, loop: readonly string[]): AppError {
  return new AppError({
    code: 'workflow.cycle',
    message: `These steps wait for each other: ${loop.join(' → ')}.`,
    retry: 'operator',
    kept,
    remedy: 'Remove one of these names from “needs”.',
    at,
  });
}

/** Workflows that call each other; `loop` begins and ends with the same one. */
export function callCycle(at: Place, loop: readonly string[]): AppError {
  return new AppError({
    code: 'workflow.cycle',
    message: `These workflows call each other without end: ${loop.join(' → ')}.`,
    retry: 'operator',
    kept,
    remedy: 'Remove one of the calls.',
    at,
  });
}

export function callDepth(at: Place, most: number): AppError {
  return new AppError({
    code: 'limit.reached',
    message: `Workflows call each other more than ${most} deep here.`,
    retry: 'operator',
    kept,
    remedy: 'Write the steps of one of them into the workflow that calls it.',
    at,
  });
}

/** A name that refers to nothing: “steps.draft.needs names “reserch”, which is not a step”. */
export function unknownName(
  at: Place,
  subject: string,
  written: { readonly name: string; readonly kind: string; readonly known: readonly string[] },
): Flaw {
  const { name, kind, known } = written;
  const message = `${subject} names “${name}”, which is not ${kind}`;
  const nearest = nearestName(name, known);
  if (nearest !== undefined) {
    return {
      at,
      message: `${message}; did you mean “${nearest}”?`,
      remedy: `Write “${nearest}” instead of “${name}”.`,
    };
  }
  const names = known.length > 0 ? known.join(', ') : 'none';
  return { at, message: `${message}.`, remedy: `Use one that exists (${names}) or remove it.` };
}

function inFileOrder(flaws: readonly [Flaw, ...Flaw[]]): readonly [Flaw, ...Flaw[]] {
  const sorted: [Flaw, ...Flaw[]] = [...flaws];
  sorted.sort((a, b) => line(a) - line(b) || column(a) - column(b));
  return sorted;
}

function line(flaw: Flaw): number {
  return flaw.at.line ?? 0;
}

function column(flaw: Flaw): number {
  return flaw.at.column ?? 0;
}
