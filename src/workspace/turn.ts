import { stat, utimes, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { runFailures } from '../base/failures/runs.ts';
import { ensureFolder } from './atomic-file.ts';

export interface TurnOptions {
  /** The file whose time says when the last turn was. */
  readonly file: string;
  readonly everyMs: number;
  readonly clock: Clock;
}

/** Whether it is time again, for whichever process asks first. Throws `company.read-only`, `file.failed`. */
export async function takeTurn({ file, everyMs, clock }: TurnOptions): Promise<boolean> {
  const last = await stat(file).catch(() => undefined);
  if (last && Math.abs(clock.now() - last.mtimeMs) < everyMs) return false;
  const now = new Date(clock.now());
  await ensureFolder(dirname(file));
  try {
    await writeFile(file, '');
    await utimes(file, now, now);
  } catch (thrown) {
    throw runFailures.fileFailed('written', file, thrown);
  }
  return true;
}
