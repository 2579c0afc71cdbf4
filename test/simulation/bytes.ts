import type { JournalRecord } from '../../src/contracts/journal.ts';
import { writeLine } from '../../src/workspace/journal-line.ts';
import { parseJournal } from '../../src/workspace/journal-reader.ts';

/** What a dead process has left behind the last whole line. */
export const remains = ['nothing', 'torn', 'twice', 'late'] as const;

/** A journal as a process finds it on disk, whose last writer has left something behind the last line. */
export async function readBack(
  records: readonly JournalRecord[],
  left: (typeof remains)[number],
): Promise<{ readonly corrupt: unknown; readonly records: readonly JournalRecord[] }> {
  const found: JournalRecord[] = [];
  const lines = records.map(lineOf);
  const bytes = Buffer.from(lines.join('') + behind(records, lines)[left]);
  const onRecord = (record: JournalRecord) => found.push(record);
  const { corrupt } = await parseJournal({ name: 'journal.jsonl', bytes, blobs: noBlobs, onRecord });
  return { corrupt, records: found };
}

function behind(records: readonly JournalRecord[], lines: readonly string[]) {
  const last = records.at(-1);
  if (!last) throw new Error('A run has a first record');
  const next = lineOf({ ...last, n: last.n + 1 });
  return {
    nothing: '',
    torn: next.slice(0, -1 - (last.at % (next.length - 1))),
    twice: lines.slice(-1 - (last.n % 3)).join(''),
    // Of a writer that had lost the run: it has gone on from where it was.
    late: last.epoch > 1 ? lineOf({ ...last, epoch: 1 }) : '',
  };
}

function lineOf(record: JournalRecord): string {
  return writeLine(record, JSON.stringify(record.event.data), 'last');
}

const noBlobs = { read: () => Promise.reject(new Error('All data is in its line')) };
