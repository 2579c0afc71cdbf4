import { connectorProblems } from '../../base/failures/connectors.ts';
import type { ConnectorAnswer } from '../../contracts/connector.ts';
import { decodeText, type DroppedFile } from '../drop-folder.ts';
import { tidy } from '../mail-text.ts';
import { isoDate } from '../selection.ts';

/** A text or Markdown file as one item; a file name that begins with a date is dated by it. */
export function readText({ path, bytes }: DroppedFile): ConnectorAnswer {
  const decoded = decodeText(bytes);
  if (decoded === undefined) return { items: [], problems: [connectorProblems.notText(path)] };
  const text = tidy(decoded);
  const id = path.slice(path.lastIndexOf('/') + 1);
  const title = /^#\s+(.+)$/m.exec(text)?.[1]?.trim() ?? id;
  const date = isoDate(/^\d{4}-\d\d-\d\d/.exec(id)?.[0]);
  return { items: [{ id, title, text, uri: path, date, fields: {} }], problems: [] };
}
