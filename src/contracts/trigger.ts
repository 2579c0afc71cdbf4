import { z } from 'zod';
import { everySchema, idSchema, oneOrMore } from './step-schemas.ts';

const minuteMs = 60_000;

/** What a trigger gives the run's inputs: templates over `trigger` and `run`. */
const givenSchema = z
  .record(idSchema, z.union([z.string(), z.number(), z.boolean()]).transform(String))
  .default({});

export const scheduleTriggerSchema = z.strictObject({
  /** Five parts: minute, hour, day of the month, month, day of the week. */
  cron: z.string().min(1),
  timezone: z.string().min(1).default('UTC'),
  /** What becomes of times that passed while no Cairn was open. */
  catchUp: z.enum(['none', 'latest', 'all']).default('latest'),
  inputs: givenSchema,
});

export const fileTriggerSchema = z.strictObject({ paths: oneOrMore, inputs: givenSchema });

export const connectorTriggerSchema = z.strictObject({
  connector: idSchema,
  operation: idSchema,
  with: z.record(z.string(), z.string()).default({}),
  every: everySchema,
  inputs: givenSchema,
});

/** `on`: how runs begin. By hand always; the others as they are listed. */
export const triggersSchema = z.strictObject({
  manual: z.literal(true).default(true),
  schedule: z.array(scheduleTriggerSchema).default([]),
  file: z.array(fileTriggerSchema).default([]),
  connector: z.array(connectorTriggerSchema).default([]),
});

/** What is looked for outside, by triggers and by steps that wait: versions of files, or items of a connector. */
export const watchSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('file'),
    name: z.string(),
    /** Globs of the company. */
    paths: z.array(z.string()).readonly(),
  }),
  z.strictObject({
    kind: z.literal('connector'),
    name: z.string(),
    connector: z.string(),
    operation: z.string(),
    with: z.record(z.string(), z.string()).readonly(),
    /** Between two looks. */
    everyMs: z.number(),
  }),
]);

/** Its name is its identity, in words: what is remembered of it hangs on this. */
export type Watch = z.infer<typeof watchSchema>;
export type FileWatch = Extract<Watch, { kind: 'file' }>;
export type ConnectorWatch = Extract<Watch, { kind: 'connector' }>;

/** What is looked for, as it is written: it has no name yet. */
export type WatchKeys = Omit<FileWatch, 'name'> | Omit<ConnectorWatch, 'name'>;

export function watchOf(keys: WatchKeys): Watch {
  if (keys.kind === 'file') return { ...keys, name: `file ${keys.paths.join(', ')}` };
  const given = Object.entries(keys.with).map(([key, value]) => `, ${key} ${value}`);
  return { ...keys, name: `connector ${keys.connector} ${keys.operation}${given.join('')}` };
}

interface TriggerBase {
  /** Template by input. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Where it stands in its list, from 0, and its line in the workflow's file, from 1. */
  readonly index: number;
  readonly line?: number | undefined;
}

export interface ScheduleTrigger extends TriggerBase {
  readonly kind: 'schedule';
  readonly name: string;
  readonly cron: string;
  readonly timezone: string;
  readonly catchUp: 'none' | 'latest' | 'all';
}

export type FileTrigger = TriggerBase & FileWatch;
export type ConnectorTrigger = TriggerBase & ConnectorWatch;

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
    ...on.file.map(({ paths, inputs }, index): Trigger => {
      return { ...watchOf({ kind: 'file', paths }), inputs, index, line: lineOf('file', index) };
    }),
    ...on.connector.map(({ inputs, ...keys }, index): Trigger => {
      return { ...watchOf(connectorKeys(keys)), inputs, index, line: lineOf('connector', index) };
    }),
  ];
}

/** A connector's keys as they are written. */
export function connectorKeys({
  every,
  ...keys
}: Pick<ConnectorWatch, 'connector' | 'operation' | 'with'> & { readonly every: number }): WatchKeys {
  return { ...keys, kind: 'connector', everyMs: Math.round(every * minuteMs) };
}

/** One thing that a trigger or a step has waited for: a time, a version of a file, an item. It starts one run, ever. */
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
export function occurrenceKey(trigger: Trigger | Watch, occurrence: Occurrence): string {
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
export function occurrenceText(trigger: Trigger | Watch, occurrence: Occurrence): string {
  switch (occurrence.kind) {
    case 'schedule':
      return `${trigger.name} at ${minuteText(occurrence.atMs)}`;
    case 'file':
      return `file ${occurrence.path}`;
    case 'connector':
      return `${trigger.name}: ${occurrence.item.id}`;
  }
}

/** What a step waits for, in words. */
export function watchText(watch: Watch): string {
  return watch.kind === 'file'
    ? `a new version of ${watch.paths.join(', ')}`
    : `a new item of ${watch.connector} (${watch.operation})`;
}

/** `2026-01-05T08:00Z` */
export function minuteText(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 16)}Z`;
}
