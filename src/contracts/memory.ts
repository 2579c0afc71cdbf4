import { z } from 'zod';

export const noteTypeSchema = z.enum([
  'fact',
  'decision',
  'preference',
  'event',
  'procedure',
  'summary',
  'feedback',
  'outcome',
]);

const dateText = z.preprocess(
  (value) => (value instanceof Date ? value.toISOString().replace(/T00:00:00\.000Z$/, '') : value),
  z.string(),
);
const texts = z.preprocess((v) => (v === null || v === undefined ? [] : v), z.array(z.string()));

/** Front matter of a note: flat, in the words of Dublin Core and W3C PROV. Unknown keys are kept. */
export const noteHeadSchema = z.looseObject({
  schema: z.string().optional(),
  id: z.string().min(1),
  title: z.string().min(1),
  aliases: texts.default([]),
  tags: texts.default([]),
  type: noteTypeSchema.default('fact'),
  created: dateText.optional(),
  modified: dateText.optional(),
  event_time: dateText.optional(),
  valid_from: dateText.optional(),
  valid_until: dateText.optional(),
  invalidated_at: dateText.optional(),
  author: z.string().default('operator'),
  generated_by: z.string().optional(),
  model: z.string().optional(),
  source: texts.default([]),
  derived_from: texts.default([]),
  replaces: texts.default([]),
  replaced_by: texts.default([]),
  related: texts.default([]),
  confidence: z.number().min(0).max(1).nullish(),
  sensitivity: z.string().nullish(),
});

export type NoteHead = z.infer<typeof noteHeadSchema>;

export interface Note {
  readonly head: NoteHead;
  readonly body: string;
  /** Path in the company, with forward slashes. */
  readonly path: string;
}

export interface MemoryQuery {
  readonly text: string;
  readonly limit: number;
}

/** One note found, and why. */
export interface MemoryHit {
  readonly id: string;
  readonly path: string;
  readonly title: string;
  readonly type: string;
  readonly date?: string | undefined;
  /** The passage that matches best. */
  readonly excerpt: string;
  readonly score: number;
  /** The score's parts by signal. */
  readonly signals: Readonly<Record<string, number>>;
}

/** A vector of a note in the index. */
export interface IndexItem {
  readonly id: string;
  /** Hash of what was embedded; an unchanged hash is not embedded again. */
  readonly hash: string;
  readonly vector: readonly number[];
}

/** Nearest-neighbour search over notes; rebuildable at any time from the notes. */
export interface VectorIndex {
  /** Hash by id of everything indexed. */
  hashes(): Promise<ReadonlyMap<string, string>>;
  /** Makes the index hold `upserts` and none of `removals`, as one durable write. */
  update(upserts: readonly IndexItem[], removals: readonly string[]): Promise<void>;
  nearest(vector: readonly number[], limit: number): Promise<readonly { id: string; score: number }[]>;
}
