/** US dollars per million tokens. */
interface Price {
  readonly input: number;
  /** Input that the provider found in its prompt cache. */
  readonly cached: number;
  readonly output: number;
}

const price = (input: number, cached: number, output: number): Price => ({ input, cached, output });

/**
 * Standard-tier prices below 272k tokens of input, which is more than a step is ever given.
 * Source: third-party lists of OpenAI's prices, November 2026; not read off OpenAI's own page.
 */
const PRICES: Readonly<Record<string, Price>> = {
  'gpt-6-astra': price(10, 1, 50),
  'gpt-6.1-sol': price(2, 0.1, 10),
  'gpt-6.1-terra': price(1, 0.05, 5),
  'gpt-6-sol': price(2, 0.2, 10),
  'gpt-6-luna': price(0.1, 0.01, 0.5),
  'gpt-5.6-sol': price(4, 0.4, 20),
  'gpt-5.6-terra': price(2, 0.2, 12),
  'gpt-5.6-luna': price(0.2, 0.02, 1.2),
  'gpt-5.5': price(5, 0.5, 30),
  'gpt-5.4': price(2.5, 0.25, 15),
  'gpt-5.4-mini': price(0.75, 0.075, 4.5),
  'gpt-5.4-nano': price(0.2, 0.02, 1.25),
  'gpt-5.2': price(1.75, 0.175, 14),
  'gpt-5.1': price(1.25, 0.125, 10),
  'gpt-5': price(1.25, 0.125, 10),
  'gpt-5-mini': price(0.25, 0.025, 2),
  'gpt-5-nano': price(0.05, 0.005, 0.4),
  'gpt-4.1': price(2, 0.5, 8),
  'gpt-4.1-mini': price(0.4, 0.1, 1.6),
  'gpt-4.1-nano': price(0.1, 0.025, 0.4),
  'gpt-4o': price(2.5, 1.25, 10),
  'gpt-4o-mini': price(0.15, 0.075, 0.6),
  o3: price(2, 0.5, 8),
  'o4-mini': price(1.1, 0.275, 4.4),
};

export interface TokenCount {
  readonly tokensIn: number;
  /** The part of `tokensIn` that came from the provider's cache. */
  readonly tokensCached: number;
  readonly tokensOut: number;
}

/**
 * What a call cost in US dollars; 0 for a model without a known price. A dated version
 * (`gpt-5-mini-2025-08-07`) and a router's prefix (`openai/gpt-5-mini`) have the model's own price.
 */
export function costUsd(model: string, count: TokenCount): number {
  const known = PRICES[model.replace(/^openai\//, '').replace(/-\d{4}-\d{2}-\d{2}$/, '')];
  if (!known) return 0;
  const cached = Math.min(count.tokensCached, count.tokensIn);
  const perMillion =
    (count.tokensIn - cached) * known.input + cached * known.cached + count.tokensOut * known.output;
  return perMillion / 1_000_000;
}
