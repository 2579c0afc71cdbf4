import { z } from 'zod';
import { spentBudgetSchema } from './budget.ts';
import { findingSchema } from './check.ts';
import { watchSchema } from './trigger.ts';
import { decisionSchema, costSchema, proposalVersionSchema } from './proposal.ts';
import type { Failure } from '../base/failure.ts';
import type { Json } from '../base/json.ts';

/** A failure's shape is owned by base; here it is only passed through. */
const failureSchema = z.custom<Failure>(
  (value) =>
    typeof value === 'object' && value !== null && 'code' in value && 'message' in value && 'retry' in value,
  'not a failure',
);
/** Every event comes out of `JSON.parse`, when it is written and when it is read: what is there is JSON. */
const json = z.custom<Json>((value) => value !== undefined, 'is missing');
const feedbackSchema = z.strictObject({
  from: z.enum(['operator', 'check']),
  text: z.string(),
  findings: z.array(findingSchema),
});

/** A place in a proposal's numbering, given to a step's attempt before it starts. */
export const proposalSlotSchema = z.strictObject({ n: z.number().int(), version: z.number().int() });

const partSchema = z.strictObject({
  id: z.string(),
  label: z.string().optional(),
  item: json.optional(),
  untrusted: z.boolean().optional(),
  inputs: z.record(z.string(), json).optional(),
  file: z.string().optional(),
  writes: z.array(z.string()).optional(),
});

const expiry = { untilMs: z.number().optional(), otherwise: z.string().optional() };
const waitSchema = z.discriminatedUnion('for', [
  z.strictObject({ for: z.literal('time'), untilMs: z.number() }),
  z.strictObject({ for: z.literal('event'), event: z.string(), ...expiry }),
  z.strictObject({
    for: z.literal('occurrence'),
    watch: watchSchema,
    known: z.array(z.string()).readonly(),
    ...expiry,
  }),
  z.strictObject({
    for: z.literal('answer'),
    question: z.string(),
    options: z.array(z.string()),
    key: z.string().optional(),
    budget: spentBudgetSchema.optional(),
    byHand: z.boolean().optional(),
    ...expiry,
  }),
]);

const event = <T extends string, D extends z.ZodType>(type: T, data: D) =>
  z.strictObject({ type: z.literal(type), data });

/** A step's event names its step and its attempt. */
const stepEvent = <T extends string, D extends z.ZodType>(type: T, data: D) =>
  z.strictObject({ type: z.literal(type), step: z.string(), attempt: z.number().int().min(1), data });

/** Where a fork comes from: a run, up to one of its records. */
export const forkOriginSchema = z.strictObject({
  run: z.string(),
  /** The last record of that run that counts. */
  at: z.number().int().min(1),
  /** How many of its records were taken over: they follow at once. */
  records: z.number().int().min(0),
});

/**
 * Everything that can be recorded of a run. A run's state is the fold of these (promise P5), so an
 * event holds the result of whatever was not deterministic.
 */
export const runEventSchema = z.discriminatedUnion('type', [
  event(
    'run.started',
    z.strictObject({
      workflow: z.string(),
      /** The pinned definition: workflow, agents and policy as they were. */
      definition: json,
      definitionHash: z.string(),
      inputs: z.record(z.string(), json),
      trigger: z.string(),
      /** Inputs that hold text from outside: a trigger gave them, not the operator. */
      outside: z.array(z.string()).optional(),
      /** The runs that led to this one, oldest first, each by what it has applied. */
      after: z.array(z.string()).optional(),
      /** Name and mail of the operator. */
      by: z.string(),
      model: z.string(),
      forked: forkOriginSchema.optional(),
    }),
  ),
  /** Another process took the run over, or the same one went on. */
  event('run.resumed', z.strictObject({ by: z.string() })),
  stepEvent(
    'step.started',
    z.strictObject({
      /** Idempotency key: the same for every repetition of the same attempt. */
      key: z.string(),
      proposal: proposalSlotSchema.optional(),
    }),
  ),
  stepEvent(
    'step.completed',
    z.strictObject({
      /** What the step was given, for the timeline. */
      input: json,
      output: json,
      cost: costSchema,
      model: z.string().optional(),
      sources: z.array(
        z.strictObject({ id: z.string(), title: z.string(), uri: z.string(), untrusted: z.boolean() }),
      ),
      proposal: proposalVersionSchema.optional(),
    }),
  ),
  /** `retryAtMs` is set when the engine will try again by itself. */
  stepEvent(
    'step.failed',
    z.strictObject({
      failure: failureSchema,
      cost: costSchema,
      retryAtMs: z.number().optional(),
      /** What it should do outside may have happened all the same. */
      inDoubt: z.boolean().optional(),
    }),
  ),
  /** A failed check, or an operator's request at a gate, sends the work back to the step `to`, and resets what needs it. */
  stepEvent(
    'step.sent-back',
    z.strictObject({
      to: z.string(),
      by: z.string(),
      feedback: feedbackSchema,
      resets: z.array(z.string()),
      cost: costSchema,
    }),
  ),
  /** A retry that the operator asked for, with what they edited of the step's input. */
  stepEvent(
    'step.retried',
    z.strictObject({
      by: z.string(),
      resets: z.array(z.string()),
      with: z.record(z.string(), z.string()).optional(),
    }),
  ),
  /** From now on the steps of these parts carry it out. */
  stepEvent(
    'step.expanded',
    z.strictObject({
      input: json,
      parts: z.array(partSchema),
      /** Those of a plan; others are pinned with the definition. */
      steps: json.optional(),
    }),
  ),
  /** Gone on without: its condition does not hold (by `workflow`), or it has failed and the operator said so. */
  stepEvent('step.skipped', z.strictObject({ by: z.string(), why: z.string() })),
  stepEvent(
    'gate.opened',
    z.strictObject({
      question: z.string(),
      proposals: z.array(proposalSlotSchema),
      remindEveryMs: z.number().optional(),
      untilMs: z.number().optional(),
      otherwise: z.enum(['approve', 'reject']).optional(),
    }),
  ),
  stepEvent('gate.reminded', z.strictObject({})),
  stepEvent('step.waiting', z.strictObject({ input: json, wait: waitSchema })),
  /** For this run alone; without `by` the limit is gone. `step` says whose budget it is. */
  event(
    'budget.raised',
    z.strictObject({
      ...spentBudgetSchema.shape,
      step: z.string(),
      by: z.number().optional(),
      who: z.string(),
    }),
  ),
  /** What became of an effect whose step waits for nothing any more; without a receipt it is in doubt. */
  event(
    'effect.noted',
    z.strictObject({
      step: z.string(),
      key: z.string(),
      with: json.optional(),
      receipt: json.optional(),
    }),
  ),
  /** An attempt that its step waits for no more has certainly done nothing outside. */
  event('effect.unsent', z.strictObject({ step: z.string(), attempt: z.number().int().min(1) })),
  /** An event that steps wait for, now or later, has happened. */
  event('signal.received', z.strictObject({ event: z.string(), text: z.string(), by: z.string() })),
  event('decision.made', decisionSchema),
  event(
    'decision.refused',
    z.strictObject({ n: z.number().int(), version: z.number().int(), why: z.string() }),
  ),
  event(
    'apply.started',
    z.strictObject({
      n: z.number().int(),
      commit: z.string(),
      head: z.string(),
      branch: z.string(),
      paths: z.array(z.string()),
    }),
  ),
  event('apply.completed', z.strictObject({ n: z.number().int(), commit: z.string() })),
  /** The branch had the change already. */
  event('apply.skipped', z.strictObject({ n: z.number().int(), why: z.string() })),
  /** The decision stands, but the files could not be applied; tried again when the run is resumed. */
  event('apply.blocked', z.strictObject({ n: z.number().int(), failure: failureSchema })),
  event('run.completed', z.strictObject({})),
  event('run.failed', z.strictObject({ step: z.string().optional(), failure: failureSchema })),
  event('run.stopped', z.strictObject({ why: z.string(), by: z.string() })),
]);

export type RunEvent = z.infer<typeof runEventSchema>;
export type RunEventOf<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>;

/** An event with its place in the journal. */
export interface JournalRecord {
  readonly n: number;
  readonly epoch: number;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  /** Sequence numbers of the records that led to this one. */
  readonly cause: readonly number[];
  /** The operator's order that led to it, by its id. */
  readonly order?: string | undefined;
  readonly event: RunEvent;
}

/** Events that have their place in the journal and are on their way to disk. */
export interface Enqueued {
  readonly records: readonly JournalRecord[];
  /** Resolves when they, and all that was enqueued before, are on disk; rejects when they cannot be. */
  readonly onDisk: Promise<void>;
}

/** An append-only log of one run. Nothing may be acted upon before it is on disk (promise P2). */
export interface Journal {
  /** Gives events their place at once; `order` is the order that led to them. Throws `internal` for one that could not be read again, `journal.fenced`. */
  enqueue(events: readonly RunEvent[], order?: string): Enqueued;
  /** Throws `journal.fenced` once another process may have the run. */
  expectOurs(): void;
  /** Enqueues events, and answers when they are on disk. */
  append(events: readonly RunEvent[]): Promise<readonly JournalRecord[]>;
  close(): Promise<void>;
}
