import { z } from 'zod';
import { idSchema } from './step-schemas.ts';

const minuteMs = 60_000;

/** What a trigger gives the run's inputs: templates over `trigger` and `run`. */
const givenSchema = z
  .record(idSchema, z.union([z.string(), z.number(), z.boolean()]).transform(String))
  .default({});

const oneOrMany = z
  .union([z.string(), z.array(z.string()).min(1)])
  .transform((value) => (typeof value === 'string' ? [value] : value));

export const scheduleTriggerSchema = z.strictObject({
  /** Five parts: minute, hour, day of the month, month, day of the week. */
  cron: z.string().min(1),
  timezone: z.string().min(1).default('UTC'),
  /** What becomes of times that passed while no Cairn was open. */
  catchUp: z.enum(['none', 'latest', 'all']).default('latest'),
  inputs: givenSchema,
});

export const fileTriggerSchema = z.strictObject({ paths: oneOrMany, inputs: givenSchema });

export const connectorTriggerSchema = z.strictObject({
  connector: idSchema,
  operation: idSchema,
  with: z.record(z.string(), z.string()).default({}),
  /** Minutes between two looks, a day at most. */
  every: z.number().min(1).max(1_440).default(15),
  inputs: givenSchema,
});

/** `on`: how runs begin. By hand always; the others as they are listed. */
export const triggersSchema = z.strictObject({
  manual: z.literal(true).default(true),
  schedule: z.array(scheduleTriggerSchema).default([]),
  file: z.array(fileTriggerSchema).default([]),
  connector: z.array(connectorTriggerSchema).default([]),
});

interface TriggerBase {
  /** In words, and its identity among the triggers of its workflow: what is remembered of it hangs on this. */
  readonly name: string;
  /** Template by input. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Where it stands in its list, from 0, and its line in the workflow's file, from 1. */
  readonly index: number;
  readonly line?: number | undefined;
}

export interface ScheduleTrigger extends TriggerBase {
  readonly kind: 'schedule';
  readonly cron: string;
  readonly timezone: string;
  readonly catchUp: 'none' | 'latest' | 'all';
}

export interface FileTrigger extends TriggerBase {
  readonly kind: 'file';
  /** Globs of the company. */
  readonly paths: readonly string[];
}

export interface ConnectorTrigger extends TriggerBase {
  readonly kind: 'connector';
  readonly connector: string;
  readonly operation: string;
  readonly with: Readonly<Record<string, string>>;
  readonly everyMs: number;
}

/** What starts runs of a workflow without a hand. */
export type Trigger = ScheduleTrigger | FileTrigger | ConnectorTrigger;

/** The triggers of a file in its order, those of one kind together. */
export function triggersOf(
  on: z.output<typeof triggersSchema>,
  lineOf: (kind: Trigger['kind'], index: number) => number | undefined,
): readonly Trigger[] {
  return [
    ...on.schedule.map((keys, index): Trigger => {
      const zone = keys.timezone === 'UTC' ? '' : ` ${keys.timezone}`;
      const name = `schedule ${keys.cron}${zone}`;
      return { ...keys, kind: 'schedule', name, index, line: lineOf('schedule', index) };
    }),
    ...on.file.map((keys, index): Trigger => {
      const name = `file ${keys.paths.join(', ')}`;
      return { ...keys, kind: 'file', name, index, line: lineOf('file', index) };
    }),
    ...on.connector.map(({ every, ...keys }, index): Trigger => {
      const given = Object.entries(keys.with).map(([key, value]) => `, ${key} ${value}`);
      const name = `connector ${keys.connector} ${keys.operation}${given.join('')}`;
      const everyMs = Math.round(every * minuteMs);
      return { ...keys, kind: 'connector', name, everyMs, index, line: lineOf('connector', index) };
    }),
  ];
}

/** One thing that a trigger has waited for: a time, a version of a file, an item. It starts one run, ever. */
export const occurrenceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('schedule'), atMs: z.number() }),
  z.strictObject({ kind: z.literal('file'), atMs: z.number(), path: z.string(), hash: z.string() }),
  z.strictObject({
    kind: z.literal('connector'),
    atMs: z.number(),
    item: z.strictObject({
      id: z.string(),
      title: z.string(),
      uri: z.string(),
      date: z.string().optional(),
    }),
  }),
]);

export type Occurrence = z.infer<typeof occurrenceSchema>;

/** What makes an occurrence the same as another one of its workflow. */
export function occurrenceKey(trigger: Trigger, occurrence: Occurrence): string {
  switch (occurrence.kind) {
    case 'schedule':
      return `${trigger.name}\n${occurrence.atMs}`;
    case 'file':
      return `file\n${occurrence.path}\n${occurrence.hash}`;
    case 'connector':
      return `${trigger.kind === 'connector' ? `${trigger.connector} ${trigger.operation}` : ''}\n${occurrence.item.id}`;
  }
}

/** What started a run, in words: kept with the run. */
export function occurrenceText(trigger: Trigger, occurrence: Occurrence): string {
  switch (occurrence.kind) {
    case 'schedule':
      return `${trigger.name} at ${minuteText(occurrence.atMs)}`;
    case 'file':
      return `file ${occurrence.path}`;
    case 'connector':
      return `${trigger.name}: ${occurrence.item.id}`;
  }
}

/** `2026-01-05T08:00Z` */
export function minuteText(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 16)}Z`;
}
