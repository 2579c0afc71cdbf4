import type { Ports } from './ports.ts';
import { parseOutboxFile } from '../agents/outbox-file.ts';
import { appFailures } from '../base/failures/app.ts';
import { effectFailures } from '../base/failures/effects.ts';
import type { EffectRequest } from '../contracts/effect.ts';
import type { Sending } from '../contracts/sending.ts';
import type { Outgoing } from '../contracts/workflow.ts';

/**
 * What was approved, from the commit that was applied: later edits of the file are not what was decided (promise P4).
 * Throws `file.missing`, `policy.denied` when the file is for something else than the step may do.
 */
export async function effectRequest(
  ports: Ports,
  { commit, path, key }: Pick<Sending, 'commit' | 'path' | 'key'>,
  { connector, operation }: Pick<Outgoing, 'connector' | 'operation'>,
): Promise<EffectRequest> {
  const bytes = await ports.repository.read(commit, path);
  if (!bytes) throw appFailures.fileMissing(path);
  const written = parseOutboxFile(new TextDecoder().decode(bytes), path);
  if (written.connector !== connector || written.operation !== operation)
    throw effectFailures.changed(path, connector, operation);
  return { operation, key, with: written.with, body: written.body };
}
