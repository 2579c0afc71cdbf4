import { readFile } from 'node:fs/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { z } from 'zod';
import type { RunSnapshot } from '../contracts/runs.ts';
import { writeFileAtomic } from './atomic-file.ts';
import { journalPointSchema } from './journal-point.ts';
import { parseJson } from './parse-json.ts';

/** A run's snapshot, beside its journal: a cache that may be deleted at any time. */
export const snapshotFile = 'snapshot.jsonl';

/** The format of the file; what its texts mean has a version of its own. */
const snapshotFormat = 1;

/** As many texts are made in one go, so that a large snapshot holds nothing up. */
const textsAtOnce = 250;
const lineFeed = 0x0a;
/** Length of the line with the checksum. */
const sealLength = 9;

const headSchema = z.strictObject({
  format: z.literal(snapshotFormat),
  point: journalPointSchema,
  /** The last record of each step. */
  steps: z.array(z.tuple([z.string(), z.number()])),
});

/** What a snapshot is of: how far its journal was, and what its writer knew there. */
export type SnapshotHead = Pick<z.infer<typeof headSchema>, 'point'> & {
  readonly steps: readonly (readonly [string, number])[];
};

export interface KeptSnapshot extends SnapshotHead {
  readonly snapshot: RunSnapshot;
}

/**
 * Writes a snapshot: a line with the checksum of all that follows, one with the head, then the texts, each in a line.
 * It need not survive a loss of power: a torn one does not fit its checksum. Throws `file.failed`.
 */
export async function writeSnapshot(path: string, head: SnapshotHead, { texts }: RunSnapshot): Promise<void> {
  const parts = [Buffer.from(`${JSON.stringify({ format: snapshotFormat, ...head })}\n`)];
  for (let from = 0; from < texts.length; from += textsAtOnce) {
    const lines = texts.slice(from, from + textsAtOnce).map((text) => `${text()}\n`);
    parts.push(Buffer.from(lines.join('')));
    await turn();
  }
  const crc = parts.reduce((sum, part) => crc32(part, sum), 0);
  const sealed = Buffer.concat([Buffer.from(sealOf(crc)), ...parts]);
  await writeFileAtomic(path, sealed, { durable: false });
}

/** The snapshot in a file; nothing when there is none, it is damaged, or another version of Cairn has written it. */
export async function readSnapshot(path: string): Promise<KeptSnapshot | undefined> {
  const bytes = await readFile(path).catch(() => undefined);
  if (!bytes || bytes.toString('latin1', 0, sealLength) !== sealOf(crc32(bytes.subarray(sealLength))))
    return undefined;
  const [head, ...texts] = linesBehind(bytes, sealLength);
  const read = headSchema.safeParse(parseJson(head?.() ?? ''));
  if (!read.success) return undefined;
  const { point, steps } = read.data;
  return { point, steps, snapshot: { at: point.n, texts } };
}

function sealOf(crc: number): string {
  return `${crc.toString(16).padStart(8, '0')}\n`;
}

/** The lines behind a place, each to be decoded when it is asked for. */
function linesBehind(bytes: Buffer, place: number): readonly (() => string)[] {
  const lines: (() => string)[] = [];
  for (let start = place; ; ) {
    const from = start;
    const feed = bytes.indexOf(lineFeed, from);
    if (feed < 0) return lines;
    lines.push(() => bytes.toString('utf8', from, feed));
    start = feed + 1;
  }
}
