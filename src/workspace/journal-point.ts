import { z } from 'zod';

const count = z.number().int().min(0);

/** Where a journal is between two appends: what it begins with, and what the next record goes on from. */
export const journalPointSchema = z.strictObject({
  /** The number of the last record; 0 before the first. */
  n: count,
  epoch: count,
  lines: count,
  bytes: count,
  /** CRC-32 of these bytes. */
  crc: count,
  /** The blobs that the lines name. */
  blobs: z.array(z.strictObject({ blob: z.string(), bytes: count })),
});

export type JournalPoint = z.infer<typeof journalPointSchema>;

export const journalStart: JournalPoint = { n: 0, epoch: 0, lines: 0, bytes: 0, crc: 0, blobs: [] };
