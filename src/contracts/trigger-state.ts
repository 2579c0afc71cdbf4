import { z } from 'zod';
import { occurrenceSchema } from './trigger.ts';
import type { Failure } from '../base/failure.ts';
import type { Disposable } from '../base/disposable.ts';

/** How far a trigger has come. Of versions and items that were there, oldest first, a digest is remembered. */
const progressSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('schedule'),
    /** Times up to this one are done with. */
    seenMs: z.number(),
  }),
  z.strictObject({
    kind: z.literal('file'),
    /** By path, the file as it was looked at last. */
    files: z.record(z.string(), z.strictObject({ size: z.number(), mtimeMs: z.number(), hash: z.string() })),
    known: z.array(z.string()),
  }),
  z.strictObject({
    kind: z.literal('connector'),
    lookedMs: z.number(),
    known: z.array(z.string()),
  }),
]);

/** An occurrence on its way to its run: on disk before the run is created, gone when that has begun (promise P2). */
const waitingSchema = z.strictObject({
  /** The run's id, so that a second try makes the same run. */
  run: z.string(),
  occurrence: occurrenceSchema,
  /** Whether others than the operator put it there. */
  outside: z.boolean(),
  /** The runs that led to it, oldest first. */
  after: z.array(z.string()),
});

/** A failure's shape is owned by base; here it is only passed through. */
const failureSchema = z.custom<Failure>(
  (value) => typeof value === 'object' && value !== null && 'code' in value && 'message' in value,
  'not a failure',
);

/** What is remembered of one trigger. */
export const triggerStateSchema = z.strictObject({
  v: z.literal(1),
  workflow: z.string(),
  /** The trigger's name. */
  trigger: z.string(),
  /** Nothing before the first look that succeeded. */
  progress: progressSchema.optional(),
  waiting: z.array(waitingSchema),
  fired: z.strictObject({ run: z.string(), atMs: z.number() }).optional(),
  /** What was passed over last, in a sentence. */
  note: z.strictObject({ text: z.string(), atMs: z.number() }).optional(),
  /** What keeps it from starting runs. */
  problem: z.strictObject({ failure: failureSchema, atMs: z.number() }).optional(),
});

export type TriggerState = z.infer<typeof triggerStateSchema>;
export type TriggerWaiting = z.infer<typeof waitingSchema>;
export type TriggerProgress = z.infer<typeof progressSchema>;
export type ProgressOf<K extends TriggerProgress['kind']> = Extract<TriggerProgress, { kind: K }>;

/** What triggers remember, and who keeps them. Any process may read; one at a time keeps them (promise P9). */
export interface TriggerStore {
  /** Takes the company's triggers for this process, or answers `held` when a living one has them. */
  keep(): Promise<TriggerHold | 'held'>;
  /** The process that keeps them, if a living one does. */
  keeper(): Promise<{ readonly pid: number } | undefined>;
  /** What is remembered, by id. */
  read(): Promise<ReadonlyMap<string, TriggerState>>;
}

/** The one process that fires triggers. */
export interface TriggerHold {
  readonly states: ReadonlyMap<string, TriggerState>;
  /** What was set aside because it could not be read. */
  readonly damaged: readonly Failure[];
  /** Whether this process still keeps the triggers. */
  isOurs(): boolean;
  /** Resolves when the state survives a loss of power. Throws `journal.fenced`. */
  put(id: string, state: TriggerState): Promise<void>;
  drop(id: string): Promise<void>;
  release(): Promise<void>;
}

export interface FoundFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since the Unix epoch. */
  readonly mtimeMs: number;
}

/** The work tree as triggers look at it. Names that begin with a dot, and `node_modules`, are left out. */
export interface WatchedFiles {
  /** Files that fit the globs, by path, and the folders that they may lie in. Throws `limit.reached`, `path.outside`. */
  find(globs: readonly string[]): Promise<{ files: readonly FoundFile[]; folders: readonly string[] }>;
  /** SHA-256 as lower-case hex; nothing when the file is gone, or was written to meanwhile. */
  hash(file: FoundFile): Promise<string | undefined>;
  watch(listener: () => void): FolderWatch;
}

/** Tells when something in the folders that it follows may have changed. */
export interface FolderWatch extends Disposable {
  /** Follows these folders and no others. */
  follow(folders: readonly string[]): void;
}
