import { AppError, type Place } from '../failure.ts';
import { nearestName } from '../nearest-name.ts';
import type { Flaw } from './definitions.ts';

/** Where the command line finds a secret. */
export function secretVariable(name: string): string {
  return `CAIRN_SECRET_${name.toUpperCase().replaceAll('-', '_')}`;
}

const listed = (names: readonly string[]) => (names.length > 0 ? names.join(', ') : 'none');
const kept = 'Nothing was changed; a connector only reads.';

export const connectorFailures = {
  folderOutside: (at: Place, key: string, path: string): Flaw => ({
    at,
    message: `${key} names “${path}”, which is not a path in the company that a connector may read.`,
    remedy: 'Write it relative to the company, with “/”, without “..”, and outside .git and .cairn.',
  }),
  secretUnencrypted: (at: Place): Flaw => ({
    at,
    message: 'url begins with http://, so a secret of its headers would be sent unencrypted.',
    remedy: 'Write https://, or leave the secret out.',
  }),
  /** `what` is what is wrong with it: the value itself is never told. */
  secretMissing: (id: string, name: string, what: string) =>
    new AppError({
      code: 'secret.missing',
      message: `The connector “${id}” needs the secret “${name}”, which ${what}.`,
      retry: 'operator',
      kept: 'Nothing was sent.',
      remedy: `Run “Cairn: Set Connector Secret…”, or set ${secretVariable(name)} for the command line.`,
    }),
  missing: (id: string, path: string) =>
    new AppError({
      code: 'connector.failed',
      message: `The connector “${id}” reads ${path}, which is not there.`,
      retry: 'operator',
      kept,
      remedy: `Create it, or correct .cairn/connectors/${id}.yaml.`,
    }),
  leadsOutside: (id: string, path: string) =>
    new AppError({
      code: 'path.outside',
      message: `The connector “${id}” reads ${path}, which is a link out of the company.`,
      retry: 'operator',
      kept,
      remedy: 'Replace the link by the folder or file itself.',
    }),
  unreadable: (id: string, path: string, cause: unknown) =>
    new AppError(
      {
        code: 'connector.failed',
        message: `The connector “${id}” cannot read ${path}.`,
        retry: 'operator',
        kept,
        remedy: 'Check that it is a plain file or folder that you may read.',
      },
      { cause },
    ),
  badFeed: (id: string, path: string, why: string) =>
    new AppError({
      code: 'connector.failed',
      message: `The connector “${id}” reads ${path}, which is not a feed: ${why}.`,
      retry: 'operator',
      kept,
      remedy: 'Put an RSS, Atom, RDF or JSON feed there.',
    }),
  unreachable: (id: string, address: string, cause: unknown) =>
    new AppError(
      {
        code: 'connector.failed',
        message: `The connector “${id}” cannot reach ${address}.`,
        retry: 'later',
        kept: 'Nothing was sent.',
        remedy: `Check the connection and .cairn/connectors/${id}.yaml.`,
      },
      { cause },
    ),
  refused: (id: string, status: number, after: { retryAfterMs?: number }) =>
    new AppError({
      code: 'connector.failed',
      message: `The connector “${id}” was refused (${status}).`,
      retry: status === 429 || status === 408 ? 'later' : 'operator',
      kept: 'It did not happen.',
      remedy: `Check what is sent, and .cairn/connectors/${id}.yaml.`,
      ...after,
    }),
  noEffects: (id: string) =>
    new AppError({
      code: 'connector.invalid',
      message: `The connector “${id}” only reads; nothing can be sent through it.`,
      retry: 'operator',
      kept: 'Nothing was sent.',
      remedy: 'Name another connector in the step’s “effect”.',
    }),
  unknownOperation: (id: string, operation: string, known: readonly string[]) =>
    invalid(id, `there is no operation “${operation}”`, operation, known),
  unknownParameter: (id: string, name: string, known: readonly string[]) =>
    invalid(id, `there is no parameter “${name}”`, name, known),
  unknownColumn: (id: string, column: string, known: readonly string[]) =>
    invalid(id, `nothing has a “${column}”`, column, known),
  noSuchFile: (id: string, file: string, known: readonly string[]) =>
    invalid(id, `there is no file “${file}”`, file, known),
  badNumber: (id: string, name: string, value: string) =>
    invalidParameter(id, `“${name}” must be a whole number from 1, not “${value}”`, `Correct “${name}”.`),
  badCondition: (id: string, value: string) =>
    invalidParameter(id, `“where” must be “column=value”, not “${value}”`, 'Write it as “status=new”.'),
};

/** What is left out of an answer, one sentence each. */
export const connectorProblems = {
  tooLarge: (path: string, bytes: number, limitBytes: number) =>
    `${path} has ${bytes} bytes and is left out; the limit is ${limitBytes}.`,
  tooMany: (what: string, given: number, limit: number) =>
    `Of ${given} ${what} only the first ${limit} are read.`,
  notPlain: (path: string) => `${path} is not a plain file of the company and is left out.`,
  unreadable: (path: string, why: string) => `${path} cannot be read (${why}) and is left out.`,
  notMail: (path: string) => `${path} has no mail headers and is left out.`,
  noBody: (path: string) => `${path} has a body that cannot be turned into text; only its head is read.`,
  notText: (path: string) => `${path} is not text and is left out.`,
  noHeader: (path: string) => `${path} needs a first row of different column names and is left out.`,
  badRow: (path: string, line: number, why: string) => `${path}:${line}: the row is left out (${why}).`,
};

function invalid(id: string, what: string, written: string, known: readonly string[]): AppError {
  const nearest = nearestName(written, known);
  const ask = nearest === undefined ? '' : `; did you mean “${nearest}”?`;
  return invalidParameter(id, `${what}${ask}`, `Use one of: ${listed(known.slice(0, 20))}.`);
}

function invalidParameter(id: string, what: string, remedy: string): AppError {
  return new AppError({
    code: 'connector.invalid',
    message: `The connector “${id}”: ${what}${what.endsWith('?') ? '' : '.'}`,
    retry: 'operator',
    kept,
    remedy,
  });
}
