import type { ForkRequest, Forked } from './cairn.ts';
import { draftFork } from './plan-fork.ts';
import type { ForkDraft } from './plan-fork.ts';
import type { Ports } from './ports.ts';
import type { RunReader } from './run-reader.ts';
import { beginRun, reserveRun } from './start-run.ts';
import type { RunEvent } from '../contracts/journal.ts';
import { takenOver } from '../engine/fork.ts';

/**
 * Starts a run that begins with what another one had done up to a checkpoint; `driveRun` goes on with it. The other run
 * is not touched. Throws what `draftFork` throws, before anything is written.
 */
export async function forkRun(ports: Ports, reader: RunReader, request: ForkRequest): Promise<Forked> {
  const draft = await draftFork(ports, reader, request);
  const run = await reserveRun(ports, draft.target.definition);
  return createFork(ports, draft, { run, trigger: triggerOf(draft.outline.from, request) });
}

/** Begins a fork under a reserved id. Its refs come first: a run whose proposals cannot be read is never begun. */
export async function createFork(
  ports: Ports,
  { outline, target, records, checkpoint }: ForkDraft,
  { run, trigger }: { readonly run: string; readonly trigger: string },
): Promise<Forked> {
  const kept = outline.kept.map(({ step }) => step);
  const events = takenOver(records, checkpoint, { kept, expanded: outline.expanded });
  await ports.repository.adopt(run, events.flatMap(versionsIn));
  const fork = { run: outline.from, at: outline.at, events };
  const { definition, inputs } = target;
  const { outside } = checkpoint;
  await beginRun(ports, run, { definition, inputs, trigger, outside, fork });
  return { run, ...outline };
}

function versionsIn(event: RunEvent) {
  if (event.type !== 'step.completed' || !event.data.proposal) return [];
  const { n, version, commit } = event.data.proposal;
  return [{ n, version, commit }];
}

function triggerOf(from: string, { after, at }: ForkRequest): string {
  if (after !== undefined) return `fork of ${from} after ${after}`;
  return at === undefined ? `fork of ${from}` : `fork of ${from} at ${at}`;
}
