import type { Usage } from '../contracts/model.ts';
import { addCost, noCost } from '../contracts/proposal.ts';
import type { Cost } from '../contracts/proposal.ts';

/** What belongs to one attempt alone: how it is interrupted, and what it has spent, even if it fails. */
export class AttemptContext {
  readonly signal: AbortSignal;
  #cost: Cost = noCost;

  constructor(signal: AbortSignal) {
    this.signal = signal;
  }

  get cost(): Cost {
    return this.#cost;
  }

  readonly spend = ({ tokensIn, tokensOut, costUsd, durationMs }: Usage): void => {
    this.#cost = addCost(this.#cost, {
      tokensIn: wholeNumber(tokensIn),
      tokensOut: wholeNumber(tokensOut),
      usd: Number.isFinite(costUsd) ? Math.max(0, costUsd) : 0,
      durationMs: wholeNumber(durationMs),
    });
  };
}

/** Servers count in their own ways; the ledger counts whole, and never backwards. */
function wholeNumber(value: number): number {
  return Number.isFinite(value) ? Math.max(0, Math.round(value)) : 0;
}
