import { setTimeout as timer } from 'node:timers/promises';
import type { ForkRequest, Forked, Migration } from './cairn.ts';
import { definitionChanges } from './definition-changes.ts';
import { definitionFiles, definitionText } from './definition-files.ts';
import { driveRun } from './drive-run.ts';
import { createFork } from './fork-run.ts';
import { orderRun } from './order-run.ts';
import { draftFork } from './plan-fork.ts';
import type { Ports } from './ports.ts';
import type { RunReader } from './run-reader.ts';
import { reserveRun } from './start-run.ts';
import { AppError } from '../base/failure.ts';
import { forkFailures } from '../base/failures/forks.ts';
import { limits } from '../base/limits.ts';
import type { RunState } from '../contracts/run.ts';
import { isOver } from '../engine/run-status.ts';

const migratedTo = 'Migrated to ';

/**
 * How a run's definition differs from the company's files, and what a migration would keep. Throws `run.ended` for a run
 * that is over, `run.missing`, `input.invalid`, and what a definition that is broken throws.
 */
export async function planMigration(ports: Ports, reader: RunReader, run: string): Promise<Migration> {
  const { state } = await reader.read(run);
  if (isOver(state)) await requireUnfinished(reader, state);
  const { outline, target } = await draftFork(ports, reader, onCurrent(run));
  const pinned = state.definition;
  const current = target.definition;
  return {
    run,
    changes: definitionChanges(pinned, current),
    patch: await ports.diff(definitionFiles(pinned), definitionFiles(current)),
    texts: { pinned: definitionText(pinned), current: definitionText(current) },
    outline,
  };
}

/**
 * Stops a run and begins a fork of what it had done on the current definition. In that order, and the stop names the new
 * run: whatever this process dies of, never are both under way. A migration that was interrupted in between is gone on
 * with by the same call. Throws what `planMigration` throws, `usage` when nothing differs, `limit.reached`.
 */
export async function migrateRun(
  ports: Ports,
  reader: RunReader,
  run: string,
  signal: AbortSignal,
): Promise<Forked> {
  const { changes } = await planMigration(ports, reader, run);
  if (changes.length === 0) throw forkFailures.sameDefinition(run);
  const { state } = await reader.read(run);
  const next = nextOf(state) ?? (await reserveRun(ports, state.definition));
  if (!isOver(state)) {
    await orderRun(ports, run, { kind: 'stop', why: `${migratedTo}${next}` });
    await stopped(ports, reader, { run, next, signal });
  }
  const draft = await draftFork(ports, reader, onCurrent(run));
  return createFork(ports, draft, { run: next, trigger: `fork of ${run}` });
}

function onCurrent(run: string): ForkRequest {
  return { run, definition: 'current', inputs: {} };
}

/** The run that a stopped one was to be migrated to. */
function nextOf({ status }: RunState): string | undefined {
  if (status.is !== 'stopped' || !status.why.startsWith(migratedTo)) return undefined;
  return status.why.slice(migratedTo.length);
}

/** A run that is over may be migrated only if that was begun, and the process died in between. */
async function requireUnfinished(reader: RunReader, state: RunState): Promise<void> {
  const next = nextOf(state);
  if (next === undefined) throw forkFailures.nothingToMigrate(state.id);
  if (await hasBegun(reader, next)) throw forkFailures.alreadyMigrated(state.id, next);
}

async function hasBegun(reader: RunReader, run: string): Promise<boolean> {
  try {
    await reader.read(run);
    return true;
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'run.missing') return false;
    throw thrown;
  }
}

interface Stopping {
  readonly run: string;
  readonly next: string;
  readonly signal: AbortSignal;
}

/** Waits until the run has stopped for this migration, by this process or by the one that executes it. */
async function stopped(ports: Ports, reader: RunReader, { run, next, signal }: Stopping): Promise<void> {
  const deadline = AbortSignal.timeout(limits.stopWaitMs);
  while (!deadline.aborted && !signal.aborted) {
    const driven = await driveRun(ports, run, signal);
    const { state } = await reader.read(run);
    if (nextOf(state) === next) return;
    if (isOver(state)) throw forkFailures.endedMeanwhile(run);
    if (driven === 'held') await nextChange(ports, run, AbortSignal.any([deadline, signal]));
  }
  throw forkFailures.notStopped(run, limits.stopWaitMs / 1000);
}

/** Resolves when the run has changed, or after a while: its holder may have let go without a change. */
async function nextChange(ports: Ports, run: string, signal: AbortSignal): Promise<void> {
  const told = new AbortController();
  const watching = ports.runs.watch(() => told.abort(), run);
  const either = AbortSignal.any([told.signal, signal]);
  await timer(limits.stopLookMs, undefined, { signal: either }).catch(() => undefined);
  watching.dispose();
}
