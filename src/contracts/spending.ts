import { z } from 'zod';
import { costSchema } from './proposal.ts';

/** What one attempt has spent, and when that was recorded. */
const spentAttemptSchema = z.strictObject({
  atMs: z.number(),
  step: z.string(),
  attempt: z.number().int(),
  cost: costSchema,
});

/** What a run has spent since a moment, as its journal told when it had this stamp. */
export const runSpendingSchema = z.strictObject({
  stamp: z.string(),
  sinceMs: z.number(),
  attempts: z.array(spentAttemptSchema),
});

export type SpentAttempt = z.infer<typeof spentAttemptSchema>;
export type RunSpending = z.infer<typeof runSpendingSchema>;

/** Keeps what runs that are over have spent, so that no process reads them all. A cache: without it they are read anew. */
export interface SpendingCache {
  read(): Promise<ReadonlyMap<string, RunSpending>>;
  /** Never throws. */
  write(runs: ReadonlyMap<string, RunSpending>): Promise<void>;
}
