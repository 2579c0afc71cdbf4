import { effectRequest } from './effect-request.ts';
import type { Ports } from './ports.ts';
import { connectTo } from './read-connector.ts';
import { toFailure } from '../base/failure.ts';
import { connectorFailures } from '../base/failures/connectors.ts';
import type { Json } from '../base/json.ts';
import { limits } from '../base/limits.ts';
import type { Probed } from '../contracts/effect.ts';
import type { RunState } from '../contracts/run.ts';
import { effectsDelivered, effectsInDoubt, isUnderWay } from '../contracts/sending.ts';
import type { Sending } from '../contracts/sending.ts';

/** What a run has done outside, or may have. */
export interface LeftEffect {
  readonly sending: Sending;
  /** What the other side said; `null` where nobody knows that. */
  readonly receipt: Json;
  /** Whether nobody knows if it has left. */
  readonly inDoubt: boolean;
}

/**
 * Every effect that ever left a run, whatever became of its step since, the latest first: the order in which they are
 * taken back. What is in doubt is looked for where the connector can, and left out where it certainly has not left.
 */
export async function effectsLeft(ports: Ports, state: RunState): Promise<readonly LeftEffect[]> {
  const left: LeftEffect[] = effectsDelivered(state).map(({ receipt, ...sending }) => {
    return { sending, receipt, inDoubt: false };
  });
  for (const sending of effectsInDoubt(state)) {
    const found = isUnderWay(state, sending) ? underWay : await look(ports, sending);
    if (found.is === 'sent') left.push({ sending, receipt: found.receipt, inDoubt: false });
    if (found.is === 'unknown') left.push({ sending, receipt: null, inDoubt: true });
  }
  return left.toSorted((a, b) => b.sending.atMs - a.sending.atMs);
}

/** What is being sent now may have left a moment later. */
const underWay: Probed = { is: 'unknown', why: 'It is being sent.' };

/** Whoever cannot be asked leaves it in doubt. */
async function look(ports: Ports, sending: Sending): Promise<Probed> {
  const { outgoing } = sending.effect;
  try {
    const { effects } = await connectTo(ports, outgoing.connector);
    if (!effects) throw connectorFailures.noEffects(outgoing.connector);
    const request = await effectRequest(ports, sending, outgoing);
    return await effects.probe(request, AbortSignal.timeout(limits.probeTimeoutMs));
  } catch (thrown) {
    return { is: 'unknown', why: toFailure(thrown).message };
  }
}
