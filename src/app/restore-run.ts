import type { Ports } from './ports.ts';
import { appFailures } from '../base/failures/app.ts';

/**
 * Brings an archived run's folder back, so that it can go on here; false when it is here. Throws `run.missing`,
 * `journal.corrupt`.
 */
export async function restoreRun(
  { archive, folders }: Pick<Ports, 'archive' | 'folders'>,
  run: string,
): Promise<boolean> {
  if (await folders.measure(run)) return false;
  if (!(await archive.list()).has(run)) throw appFailures.runMissing(run);
  // A folder without a journal is what somebody has left of it by hand.
  if ((await folders.list()).includes(run)) await folders.remove(run);
  return archive.restore(run);
}
