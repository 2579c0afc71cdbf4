import type { Finding } from '../contracts/check.ts';
import type { Confidence } from '../contracts/proposal.ts';

/** How much each measured part counts. Checks and grounding are measured; a judgement is an opinion. */
const weights = { checks: 0.4, grounding: 0.3, judgement: 0.2, history: 0.1 } as const;

/** Where nothing was measured, nobody knows. */
const UNKNOWN = 0.5;

type Parts = Confidence['parts'];

/** The weighted mean of the parts that were measured. */
export function confidenceOf(parts: Parts): Confidence {
  let sum = 0;
  let weight = 0;
  for (const key of Object.keys(weights) as (keyof typeof weights)[]) {
    const part = parts[key];
    if (part === null) continue;
    sum += part * weights[key];
    weight += weights[key];
  }
  const value = weight === 0 ? UNKNOWN : sum / weight;
  return { value: Math.round(value * 100) / 100, parts };
}

/** The share of checks passed; a warning counts half. Nothing when nothing was checked. */
export function checksPassed(findings: readonly Finding[]): number | null {
  if (findings.length === 0) return null;
  const lost = findings.reduce(
    (sum, { passed, severity }) => sum + (passed ? 0 : severity === 'error' ? 1 : 0.5),
    0,
  );
  return 1 - lost / findings.length;
}
