import { crc32 } from 'node:zlib';
import { isObject } from '../base/json.ts';
import type { JournalRecord } from '../contracts/journal.ts';
import { parseJson } from './parse-json.ts';

/** The journal format that this Cairn writes and reads. */
export const journalVersion = 1;

/** Stands in a line for data that is kept in `blobs/<blob>`; the name is the SHA-256 of its bytes. */
export interface BlobRef {
  readonly blob: string;
  readonly bytes: number;
}

/** A line whose checksum holds. The event's data may still be a {@link BlobRef}. */
export interface JournalLine {
  readonly n: number;
  readonly epoch: number;
  readonly at: number;
  readonly cause: readonly number[];
  readonly order?: string | undefined;
  /** Whether the line belongs together with the next one: neither counts without the other. */
  readonly more: boolean;
  /** Not checked yet. */
  readonly event: { readonly type: unknown; readonly data: unknown };
}

export type LineReading =
  | { readonly is: 'read'; readonly line: JournalLine }
  | { readonly is: 'newer'; readonly version: number }
  | { readonly is: 'damaged'; readonly why: string };

/** Length of `,"crc":"01234567"}`. */
const tailLength = 18;

/** A line's place among those that were appended with it: `more` for all but the last. */
export type LinePlace = 'more' | 'last';

/** One line with its line feed. The checksum (CRC-32, hex) covers all bytes before `,"crc"`. */
export function writeLine(record: JournalRecord, dataText: string, linePlace: LinePlace): string {
  const { n, epoch, at, cause, order, event } = record;
  const more = linePlace === 'more' ? { more: true } : {};
  const place = 'step' in event ? { step: event.step, attempt: event.attempt } : {};
  const head = JSON.stringify({
    v: journalVersion,
    n,
    epoch,
    at,
    type: event.type,
    ...place,
    cause,
    ...(order === undefined ? {} : { order }),
    ...more,
  });
  const covered = `${head.slice(0, -1)},"data":${dataText}`;
  return `${covered},"crc":"${hex(crc32(covered))}"}\n`;
}

/** Reads the bytes of one line, without its line feed. */
export function readLine(bytes: Buffer): LineReading {
  const value = parseJson(bytes.toString('utf8'));
  if (!isObject(value)) return { is: 'damaged', why: 'is not a JSON object' };
  const { v, n, epoch, at, type, step, attempt, cause, order, more, data, crc } = value;
  if (typeof v === 'number' && v > journalVersion) return { is: 'newer', version: v };
  const covered = bytes.subarray(0, Math.max(0, bytes.length - tailLength));
  if (typeof crc !== 'string' || Number.parseInt(crc, 16) !== crc32(covered))
    return { is: 'damaged', why: 'does not fit its checksum' };
  if (!isCount(n) || !isCount(epoch) || typeof at !== 'number' || !isCauses(cause) || !isOrder(order)) {
    return { is: 'damaged', why: 'does not say where in the journal it belongs' };
  }
  const event = step === undefined ? { type, data } : { type, step, attempt, data };
  return { is: 'read', line: { n, epoch, at, cause, order, more: more === true, event } };
}

/** The reference that an event's data consists of, if it does. */
export function blobRefOf(data: unknown): BlobRef | undefined {
  if (!isObject(data)) return undefined;
  const { blob, bytes } = data;
  if (typeof blob !== 'string' || typeof bytes !== 'number') return undefined;
  return { blob, bytes };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isCauses(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(isCount);
}

function isOrder(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string';
}

function hex(checksum: number): string {
  return checksum.toString(16).padStart(8, '0');
}
