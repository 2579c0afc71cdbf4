import { readdirSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { limits } from '../base/limits.ts';
import { journalFile } from './journal-reader.ts';
import { ordersFolder } from './order-folder.ts';
import { isRunName } from './run-paths.ts';

/** Ids of the newest runs, as many as are listed. Throws what the system throws. */
export function newestRuns(folder: string): string[] {
  const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const runs = folders.map(({ name }) => name).filter(isRunName);
  return runs.toSorted().toReversed().slice(0, limits.runsListed);
}

/** By run, a text that changes when its journal or its orders do. */
export async function readSignatures(folder: string): Promise<ReadonlyMap<string, string>> {
  const runs = newestRuns(folder);
  const signatures = await Promise.all(runs.map((run) => signatureOf(join(folder, run))));
  return new Map(runs.map((run, index) => [run, signatures[index] ?? '']));
}

/** The runs that one reading has otherwise than the other. */
export function changedRuns(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): string[] {
  const runs = new Set([...before.keys(), ...after.keys()]);
  return [...runs].filter((run) => before.get(run) !== after.get(run));
}

async function signatureOf(runFolder: string): Promise<string> {
  const parts = [journalFile, ordersFolder].map(async (name) => {
    const found = await stat(join(runFolder, name)).catch(() => undefined);
    return found ? `${found.size}/${found.mtimeMs}` : '-';
  });
  return (await Promise.all(parts)).join(' ');
}
