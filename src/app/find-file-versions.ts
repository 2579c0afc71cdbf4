import { createHash } from 'node:crypto';
import { Remembered } from './finding.ts';
import type { Finding } from './finding.ts';
import { outsidePaths } from './outside-paths.ts';
import type { Ports } from './ports.ts';
import type { RunReader } from './run-reader.ts';
import { triggerNotes } from '../base/failures/triggers.ts';
import { limits } from '../base/limits.ts';
import { occurrenceKey } from '../contracts/trigger.ts';
import type { FileWatch } from '../contracts/trigger.ts';
import type { FoundFile, ProgressOf } from '../contracts/trigger-state.ts';
import type { RunState } from '../contracts/run.ts';
import { current } from '../engine/gates.ts';

type Files = ProgressOf<'file'>['files'];

/**
 * Versions of files that the trigger has not seen. At its first look what is there is only remembered; a file that
 * is being written is left to a later look.
 */
export async function findFileVersions(
  ports: Ports,
  reader: RunReader,
  trigger: FileWatch,
  progress: ProgressOf<'file'> | undefined,
): Promise<Finding> {
  const nowMs = ports.clock.now();
  const { files, folders } = await ports.watched.find(trigger.paths);
  const known = new Remembered(progress?.known ?? []);
  const seen: Files = {};
  const fresh: { readonly path: string; readonly hash: string }[] = [];
  let settling = false;
  let left = 0;
  for (const file of files) {
    const before = progress?.files[file.path];
    // Until it is looked at, what is remembered of a file stays as it is.
    if (before) seen[file.path] = before;
    if (before && isSame(before, file)) continue;
    if (fresh.length === limits.triggerRunsPerLook) {
      left += 1;
      continue;
    }
    const hash = progress && !isQuiet(file, nowMs) ? undefined : await ports.watched.hash(file);
    settling ||= hash === undefined;
    if (hash === undefined) continue;
    seen[file.path] = { size: file.size, mtimeMs: file.mtimeMs, hash };
    const occurrence = { kind: 'file', atMs: nowMs, path: file.path, hash } as const;
    const isNew = known.add(ports.hash(occurrenceKey(trigger, occurrence)).slice(0, 16));
    if (progress && isNew && before?.hash !== hash) fresh.push(occurrence);
  }
  return {
    progress: { kind: 'file', files: seen, known: known.newest(limits.triggerMemory) },
    found: await withOrigins(ports, reader, fresh),
    notes: [...(progress ? [] : [triggerNotes.kept()]), ...(left > 0 ? [triggerNotes.moreFiles(left)] : [])],
    ...(settling || left > 0 ? { nextMs: nowMs + limits.triggerQuietMs } : {}),
    settling,
    folders,
  };
}

async function withOrigins(
  ports: Ports,
  reader: RunReader,
  fresh: readonly { readonly path: string; readonly hash: string }[],
): Promise<Finding['found']> {
  if (fresh.length === 0) return [];
  const atMs = ports.clock.now();
  const isOutside = await outsidePaths(ports.files);
  const runs = (await reader.readAll(limits.runsListed)).readings.map(({ state }) => state);
  const found: Finding['found'][number][] = [];
  for (const { path, hash } of fresh) {
    const after = await runsBehind(ports, runs, { path, hash });
    found.push({ occurrence: { kind: 'file', atMs, path, hash }, outside: isOutside(path), after });
  }
  return found;
}

/** The runs that led to a version of a file, oldest first: the one that has applied it, and those that started that. */
async function runsBehind(
  { repository }: Ports,
  runs: readonly RunState[],
  { path, hash }: { readonly path: string; readonly hash: string },
): Promise<string[]> {
  for (const { id, after, proposals } of runs) {
    for (const proposal of proposals.values()) {
      const { status } = proposal;
      const commit =
        status.is === 'applied'
          ? status.commit
          : status.is === 'applying'
            ? status.prepared.commit
            : undefined;
      if (commit === undefined || !current(proposal).files.some((file) => file.path === path)) continue;
      const content = await repository.read(commit, path);
      if (content && createHash('sha256').update(content).digest('hex') === hash) return [...after, id];
    }
  }
  return [];
}

function isSame(before: Files[string], { size, mtimeMs }: FoundFile): boolean {
  return before.size === size && before.mtimeMs === mtimeMs;
}

/** A time far ahead of the clock says nothing of when a file was written. */
function isQuiet({ mtimeMs }: FoundFile, nowMs: number): boolean {
  return Math.abs(nowMs - mtimeMs) >= limits.triggerQuietMs;
}
