import { connectorFailures, connectorProblems } from '../base/failures/connectors.ts';
import { limits } from '../base/limits.ts';
import type { ConnectorItem, ConnectorAnswer } from '../contracts/connector.ts';

/** Which items of a read are wanted. Absent means all. */
export interface Selection {
  readonly where?: { readonly column: string; readonly value: string } | undefined;
  /** So many of the newest by date, newest first; undated ones are the oldest. */
  readonly newest?: number | undefined;
  readonly limit?: number | undefined;
}

export type Parameters = Readonly<Record<string, string>>;

const selectionParameters = ['where', 'newest', 'limit'] as const;

/** Reads the parameters; an empty one counts as not given. Throws `connector.invalid`. */
export function readSelection(id: string, parameters: Parameters, others: readonly string[]): Selection {
  const known: readonly string[] = [...others, ...selectionParameters];
  const unknown = Object.keys(parameters).find((name) => !known.includes(name));
  if (unknown !== undefined) throw connectorFailures.unknownParameter(id, unknown, known);
  return {
    where: conditionOf(id, parameters.where?.trim() ?? ''),
    newest: countOf(id, 'newest', parameters.newest?.trim() ?? ''),
    limit: countOf(id, 'limit', parameters.limit?.trim() ?? ''),
  };
}

/** Chooses among items that are in the order of their files. Throws `connector.invalid` for a column that none has. */
export function select(id: string, read: ConnectorAnswer, selection: Selection): ConnectorAnswer {
  const { where, newest, limit } = selection;
  let items = read.items;
  if (where) {
    const columns = [...new Set(items.flatMap(({ fields }) => Object.keys(fields)))];
    if (items.length > 0 && !columns.includes(where.column)) {
      throw connectorFailures.unknownColumn(id, where.column, columns);
    }
    items = items.filter(({ fields }) => sameText(fields[where.column], where.value));
  }
  if (newest !== undefined) items = newestFirst(items).slice(0, newest);
  if (limit !== undefined) items = items.slice(0, limit);
  if (items.length <= limits.connectorItems) return { items, problems: read.problems };
  const problem = connectorProblems.tooMany('items', items.length, limits.connectorItems);
  return { items: items.slice(0, limits.connectorItems), problems: [...read.problems, problem] };
}

/** A date as ISO 8601, or nothing for what is none. */
export function isoDate(written: string | undefined): string | undefined {
  const atMs = written === undefined ? Number.NaN : Date.parse(written);
  return Number.isNaN(atMs) ? undefined : new Date(atMs).toISOString();
}

function newestFirst(items: readonly ConnectorItem[]): readonly ConnectorItem[] {
  return items.toSorted((a, b) => {
    const [first, second] = [a.date ?? '', b.date ?? ''];
    if (first !== second) return first > second ? -1 : 1;
    return a.id < b.id ? -1 : 1;
  });
}

function sameText(field: unknown, value: string): boolean {
  return typeof field === 'string' && field.trim().toLowerCase() === value.toLowerCase();
}

function conditionOf(id: string, written: string): Selection['where'] {
  if (written === '') return undefined;
  const cut = written.indexOf('=');
  if (cut < 1) throw connectorFailures.badCondition(id, written);
  return { column: written.slice(0, cut).trim(), value: written.slice(cut + 1).trim() };
}

function countOf(id: string, name: string, written: string): number | undefined {
  if (written === '') return undefined;
  if (!/^[1-9]\d{0,5}$/.test(written)) throw connectorFailures.badNumber(id, name, written);
  return Number(written);
}
