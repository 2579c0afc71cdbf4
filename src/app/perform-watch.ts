import { findFileVersions } from './find-file-versions.ts';
import { findNewItems } from './find-new-items.ts';
import { expiry } from './perform-wait.ts';
import type { Ports } from './ports.ts';
import type { RunReader } from './run-reader.ts';
import { StepScope } from './step-scope.ts';
import { watchOf } from '../contracts/trigger.ts';
import type { Watch, WatchKeys } from '../contracts/trigger.ts';
import type { WaitFor, WaitStep } from '../contracts/workflow.ts';
import type { StepOutcome, StepTask } from '../engine/ports.ts';

type Wanted = Extract<WaitFor, { is: 'occurrence' }>;

/**
 * Begins to wait for a version of a file, or an item. What is there now is journaled with the wait, so that whoever
 * looks later, in whatever process, takes nothing of it for new and misses nothing that has come since.
 */
export async function performWatch(
  { ports, reader }: { readonly ports: Ports; readonly reader: RunReader },
  { state, step }: StepTask & { readonly step: WaitStep },
  wanted: Wanted,
): Promise<StepOutcome> {
  const watch = watchOf(rendered(wanted.watch, new StepScope(state, step)));
  const { progress } = await firstLook(ports, reader, watch);
  const known = progress.kind === 'schedule' ? [] : progress.known;
  const wait = { for: 'occurrence', watch, known, ...expiry(wanted, ports.clock.now()) } as const;
  return { is: 'waiting', input: { for: watch.name }, wait };
}

function firstLook(ports: Ports, reader: RunReader, watch: Watch) {
  return watch.kind === 'file'
    ? findFileVersions(ports, reader, watch, undefined)
    : findNewItems(ports, watch, undefined);
}

function rendered(keys: WatchKeys, scope: StepScope): WatchKeys {
  if (keys.kind === 'file') return { ...keys, paths: scope.texts(keys.paths, 'wait.paths') };
  return { ...keys, with: scope.record(keys.with, 'wait.with') };
}
