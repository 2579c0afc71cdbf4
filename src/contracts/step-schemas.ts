import { z } from 'zod';
import { budgetSchema } from './budget.ts';
import { checkRuleSchema } from './check.ts';
import { durationSchema } from './duration.ts';
import { limits } from '../base/limits.ts';

/** A name used as an id: of a workflow, a step, an agent, a connector. */
export const idSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'use lower-case letters, digits and hyphens, at most 40');

export const oneOrMany = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => (typeof value === 'string' ? [value] : value));

/** At least one. */
export const oneOrMore = z
  .union([z.string(), z.array(z.string()).min(1)])
  .transform((value) => (typeof value === 'string' ? [value] : value));

/** Minutes between two looks at a connector, a day at most. */
export const everySchema = z.number().min(1).max(1_440).default(15);

/** One read through a connector, whose result becomes material for the step. */
export const connectorReadSchema = z.strictObject({
  connector: idSchema,
  operation: idSchema,
  with: z.record(z.string(), z.string()).default({}),
});

/** What an agent's step is given. Every text is a Liquid template over `inputs`, `run` and `steps`. */
export const agentInputSchema = z.strictObject({
  objective: z.string(),
  /** Files or globs of the company to read. */
  read: oneOrMany.default([]),
  /** Questions to long-term memory. */
  recall: oneOrMany.default([]),
  fetch: z.array(connectorReadSchema).default([]),
  /** A prompt file beside the workflow (`*.prompt.md`), appended to the objective. */
  prompt: z.string().optional(),
  /** Headings the written document must have; the offline model writes a section for each. */
  sections: z.array(z.string()).default([]),
});

const onFailSchema = z.strictObject({
  revise: idSchema,
  max: z.number().int().min(1).max(10).default(2),
});

/** Keys that every kind of step has. */
const common = {
  name: z.string().optional(),
  needs: oneOrMany.default([]),
  /** Minutes, a day at most. */
  timeout: z.number().positive().max(1_440).optional(),
};

/** A Liquid expression over `inputs`, `run` and `steps`. */
const bare = (what: string) =>
  z
    .string()
    .min(1)
    .refine((text) => !/\{[{%]/.test(text), `write the ${what} alone, without braces`);

/** Where it does not hold, the step is left out. */
const condition = bare('condition');

function hasLimit(keys: { within?: number | undefined; otherwise?: string | undefined }): boolean {
  return keys.otherwise === undefined || keys.within !== undefined;
}

const noLimit = { path: ['otherwise'], message: 'say “within” how long, too' };

const retrySchema = z.strictObject({ max: z.number().int().min(1).max(10).default(3) });

/** `agent: <id>`: an agent's attempt; with `writes`, its files become a proposal. */
const agentStep = z.strictObject({
  ...common,
  if: condition.optional(),
  agent: idSchema,
  with: agentInputSchema,
  /** Path templates or globs that the agent may write; none means it writes nothing. */
  writes: oneOrMany.default([]),
  budget: budgetSchema.omit({ steps: true }).optional(),
  retry: retrySchema.default({ max: 3 }),
});

/** `connector: <id>`: one deterministic read of an outside system. */
const connectorStep = z.strictObject({
  ...common,
  if: condition.optional(),
  connector: idSchema,
  operation: idSchema,
  with: z.record(z.string(), z.string()).default({}),
  retry: retrySchema.default({ max: 3 }),
});

/** `effect: <connector>`: something is done outside, once what would be sent is approved. */
const effectStep = z.strictObject({
  ...common,
  if: condition.optional(),
  effect: idSchema,
  operation: idSchema,
  with: z.record(z.string(), z.string()).default({}),
  /** What is sent, as text, or the file that holds it. */
  body: z.string().optional(),
  file: z.string().optional(),
  /** What takes it back; its texts may name the `receipt`. */
  compensate: z
    .strictObject({
      operation: idSchema,
      with: z.record(z.string(), z.string()).default({}),
      body: z.string().optional(),
    })
    .optional(),
  retry: retrySchema.default({ max: 3 }),
});

/** `check: [...]`: deterministic rules over the proposals of `needs`, and optionally an agent's judgement. */
const checkStep = z.strictObject({
  ...common,
  if: condition.optional(),
  check: z.array(checkRuleSchema).min(1),
  judge: idSchema.optional(),
  'on-fail': onFailSchema.optional(),
});

/** `map: <list>`: its steps for each item of a list; the items side by side, `at-once` of their steps at a time. */
const mapStep = z.strictObject({
  ...common,
  if: condition.optional(),
  map: z.union([
    bare('list'),
    z.array(z.union([z.string(), z.number(), z.boolean()])),
    z.strictObject({ files: oneOrMany }),
  ]),
  'at-once': z.number().int().min(1).max(limits.stepsInParallel).default(limits.stepsInParallel),
  steps: z.record(idSchema, z.unknown()),
});

/** `workflow: <id>`: another workflow, carried out as a part of this run. */
const workflowStep = z.strictObject({
  ...common,
  if: condition.optional(),
  workflow: idSchema,
  with: z.record(idSchema, z.union([z.string(), z.number(), z.boolean()])).default({}),
});

/** `plan: <path>`: the steps that a plan's file holds, as it was approved. */
const planStep = z.strictObject({
  ...common,
  if: condition.optional(),
  plan: z.string().min(1),
  /** The agents that its steps may name. */
  agents: oneOrMany,
  /** Globs that bound what its steps may write; none means they write nothing. */
  writes: oneOrMany.default([]),
  max: z.number().int().min(1).max(30).default(10),
});

/** `gate: <question>`: the run waits here until every open proposal upstream is decided. */
const gateStep = z
  .strictObject({
    ...common,
    gate: z.string(),
    /** How often the operator is reminded. */
    remind: durationSchema.optional(),
    /** How long it waits, and what is decided then; without that the gate fails. */
    within: durationSchema.optional(),
    otherwise: z.enum(['approve', 'reject']).optional(),
  })
  .refine(hasLimit, noLimit);

/** How long something is waited for, and what counts then; without that the step fails. */
const expiry = { within: durationSchema.optional(), otherwise: z.string().optional() };

/** `wait: <time>`: the run waits for a time, an event, a file, a connector's item, or the operator's choice. */
const waitStep = z.strictObject({
  ...common,
  if: condition.optional(),
  wait: z.union([
    durationSchema,
    z.strictObject({ until: z.string().min(1), timezone: z.string().optional() }),
    z.strictObject({ event: idSchema, ...expiry }).refine(hasLimit, noLimit),
    z.strictObject({ paths: oneOrMore, ...expiry }).refine(hasLimit, noLimit),
    z.strictObject({ ...connectorReadSchema.shape, every: everySchema, ...expiry }).refine(hasLimit, noLimit),
    z
      .strictObject({
        decision: z.string().min(1),
        options: z.array(z.string().min(1)).min(2).max(9),
        ...expiry,
      })
      .refine(hasLimit, noLimit)
      .refine(({ options, otherwise }) => otherwise === undefined || options.includes(otherwise), {
        path: ['otherwise'],
        message: 'name one of the options',
      }),
  ]),
});

export const stepSchemas = {
  agent: agentStep,
  connector: connectorStep,
  effect: effectStep,
  check: checkStep,
  gate: gateStep,
  wait: waitStep,
  map: mapStep,
  workflow: workflowStep,
  plan: planStep,
} as const;
