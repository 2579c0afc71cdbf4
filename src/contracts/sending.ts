import type { EffectStep } from './workflow.ts';
import type { Json } from '../base/json.ts';

/** An effect on its way out, by the attempt that does it. */
export interface Sending {
  /** The step that delivers it. */
  readonly step: string;
  readonly attempt: number;
  /** Its idempotency key: that of what was approved. */
  readonly key: string;
  /** The applied commit, and the file in it that says what is sent. */
  readonly commit: string;
  readonly path: string;
  /** As it was written, whatever became of its step since. */
  readonly effect: EffectStep;
  /** The parameters that it leaves with. */
  readonly with: Json;
  /** When the attempt began; of a delivery, when it was told. Milliseconds since the Unix epoch. */
  readonly atMs: number;
}

/** An effect that has left. */
export interface Delivery extends Sending {
  /** What the other side said; `null` where nobody knows that. */
  readonly receipt: Json;
}

/** What a run knows of its effects. */
interface Known {
  readonly delivered: ReadonlyMap<string, Delivery>;
  readonly doubts: ReadonlyMap<string, Sending>;
}

/** As much of a run as says whether an attempt is under way. */
interface Attempting {
  readonly status: { readonly is: string };
  readonly steps: ReadonlyMap<
    string,
    {
      readonly status: { readonly is: string };
      readonly attempts: readonly { readonly number: number }[];
    }
  >;
}

/** `Announce (publish through shop)`. */
export function effectName({ effect }: Sending): string {
  return `${effect.name} (${effect.outgoing.operation} through ${effect.outgoing.connector})`;
}

/** Every effect that has left, the latest first. */
export function effectsDelivered({ delivered }: Pick<Known, 'delivered'>): readonly Delivery[] {
  return [...delivered.values()].toReversed().toSorted((a, b) => b.atMs - a.atMs);
}

/** Every effect that may have left and that nobody knows more of, the latest first; those under way included. */
export function effectsInDoubt({ doubts, delivered }: Known): readonly Sending[] {
  const open = [...doubts.values()].filter(({ key }) => !delivered.has(key));
  // What was tried again is the same effect.
  const latest = new Map(open.map((sending) => [sending.key, sending]));
  return [...latest.values()].toReversed().toSorted((a, b) => b.atMs - a.atMs);
}

/** Whether the attempt is still the one that its step waits for, so that what came of it will be told. */
export function isUnderWay({ status, steps }: Attempting, { step, attempt }: Sending): boolean {
  if (status.is !== 'running' && status.is !== 'waiting') return false;
  const at = steps.get(step);
  return at?.status.is === 'running' && at.attempts.at(-1)?.number === attempt;
}
