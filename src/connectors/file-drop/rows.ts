import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { connectorProblems } from '../../base/failures/connectors.ts';
import type { ConnectorItem, ConnectorAnswer } from '../../contracts/connector.ts';
import { decodeText, reasonOf, type DroppedFile } from '../drop-folder.ts';
import { isoDate } from '../selection.ts';

interface Row {
  readonly cells: readonly string[];
  /** Line of the file in which the row ends, from 1. */
  readonly line: number;
}

const parsedRows = z.array(z.object({ record: z.array(z.string()), info: z.object({ lines: z.number() }) }));

/** A CSV file as one item a row; the first row names the columns. */
export function readRows({ path, bytes }: DroppedFile): ConnectorAnswer {
  const text = decodeText(bytes);
  if (text === undefined) return { items: [], problems: [connectorProblems.notText(path)] };
  const problems: string[] = [];
  const [header, ...rows] = parseRows(path, text, problems);
  const columns = header?.cells ?? [];
  if (columns.length === 0 || columns.includes('') || new Set(columns).size < columns.length) {
    return { items: [], problems: [connectorProblems.noHeader(path), ...problems] };
  }
  const taken = new Set<string>();
  const items = rows.map((row): ConnectorItem => {
    const fields = Object.fromEntries(columns.map((column, i) => [column, row.cells[i] ?? '']));
    const id = freeId(fields.id, `${path.slice(path.lastIndexOf('/') + 1)}#L${row.line}`, taken);
    const title = fields.name || fields.title || fields.company || (row.cells[0] ?? '');
    return { id, title, text: '', uri: `${path}#L${row.line}`, date: isoDate(fields.date), fields };
  });
  return { items, problems };
}

/** Rows with another number of cells than the first are left out, each with its line. */
function parseRows(path: string, text: string, problems: string[]): readonly Row[] {
  try {
    const records: unknown = parse(text, {
      bom: true,
      delimiter: delimiterOf(text),
      trim: true,
      info: true,
      skip_empty_lines: true,
      skip_records_with_error: true,
      on_skip: (error) => {
        const line = error && 'lines' in error ? Number(error.lines) : 0;
        problems.push(connectorProblems.badRow(path, line, plainReason(error)));
        return undefined;
      },
    });
    return parsedRows.parse(records).map(({ record, info }) => ({ cells: record, line: info.lines }));
  } catch (thrown) {
    problems.push(connectorProblems.unreadable(path, plainReason(thrown)));
    return [];
  }
}

/** The separator that occurs most in the first line. */
function delimiterOf(text: string): string {
  const [first = ''] = text.split('\n', 1);
  const counted = [',', ';', '\t'].map((delimiter) => ({ delimiter, count: first.split(delimiter).length }));
  return counted.reduce((most, one) => (one.count > most.count ? one : most)).delimiter;
}

function plainReason(thrown: unknown): string {
  return reasonOf(thrown)
    .replace(/^(Invalid [A-Za-z ]+): /, '')
    .replace(/\.$/, '');
}

function freeId(own: string | undefined, place: string, taken: Set<string>): string {
  const id = own && !taken.has(own) ? own : place;
  taken.add(id);
  return id;
}
