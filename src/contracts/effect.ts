import type { JsonObject } from '../base/json.ts';

/** What is done outside, as it was approved. */
export interface EffectRequest {
  readonly operation: string;
  /** Idempotency key: the same for every try at the same approved effect, and no other. */
  readonly key: string;
  readonly with: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What became of it. That it did certainly not happen is thrown, as an `AppError`. */
export type Delivered =
  | { readonly is: 'sent'; readonly receipt: JsonObject }
  /** It may have happened, or not. */
  | { readonly is: 'unknown'; readonly why: string };

export type Probed = Delivered | { readonly is: 'unsent' };

/** What a connector does outside (promise P3). */
export interface Effects {
  /** By operation: whether doing it twice with the same key does it once. */
  readonly operations: Readonly<Record<string, { readonly idempotent: boolean }>>;
  send(request: EffectRequest, signal: AbortSignal): Promise<Delivered>;
  /** Looks whether it has happened. Never does it. */
  probe(request: EffectRequest, signal: AbortSignal): Promise<Probed>;
}

/** The operator's answers about an effect that is in doubt. */
export const doubt = {
  sent: 'It was sent',
  unsent: 'It was not sent: send it now',
  leave: 'Go on without it',
} as const;

/** Their answers where it is to be taken back: sending it now is no question then. */
export const undoDoubt = { sent: doubt.sent, unsent: 'It was not sent' } as const;
