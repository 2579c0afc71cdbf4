import { z } from 'zod';

const unitMs = {
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
} as const;
type Unit = keyof typeof unitMs;

const longestMs = 366 * unitMs.day;
const form = /^(\d+(?:\.\d+)?) ?(second|minute|hour|day|week)s?$/;

/** `30 minutes`, `2 days`: a length of time as people write it, in milliseconds. A year at most. */
export const durationSchema = z
  .string()
  .refine((text) => msOf(text) !== undefined, 'write a time such as “30 minutes”, “2 hours” or “3 days”')
  .transform((text) => msOf(text) ?? 0);

function msOf(text: string): number | undefined {
  const [, amount, unit] = form.exec(text.trim()) ?? [];
  if (amount === undefined || unit === undefined) return undefined;
  const ms = Math.round(Number(amount) * unitMs[unit as Unit]);
  return ms > 0 && ms <= longestMs ? ms : undefined;
}
