import { z } from 'zod';

const severity = z.enum(['error', 'warning']).default('error');
const words = z.union([z.string(), z.array(z.string())]).transform((v) => (typeof v === 'string' ? [v] : v));

/**
 * A deterministic rule over each text file of a proposal, declared in the workflow as one key,
 * e.g. `- words: {min: 200}`. Texts are compared without regard to case.
 */
const ruleShape = z.strictObject({
  /** Number of words in the body. */
  words: z.strictObject({ min: z.number().int().optional(), max: z.number().int().optional() }).optional(),
  /** Phrases that must occur. Liquid templates over `inputs` and `run`. */
  mentions: words.optional(),
  /** Phrases that must not occur (house voice). */
  forbids: words.optional(),
  /** Headings that must be there. */
  sections: words.optional(),
  /** Front-matter keys that must be set. */
  'front-matter': words.optional(),
  /** Least number of different sources cited, as `[[note]]` links or Markdown links. */
  cites: z.strictObject({ min: z.number().int().min(1) }).optional(),
  /** Relative Markdown links and `[[note]]` links lead to something that exists. */
  links: z.literal('resolve').optional(),
  /** No leftovers such as TODO, TBD, lorem ipsum, {{ }}. */
  placeholders: z.literal('none').optional(),
  severity: severity.optional(),
});

export const checkRuleSchema = ruleShape.refine(
  (rule) => ruleNames(rule).length === 1,
  'give exactly one rule per list item',
);

export type CheckRule = z.infer<typeof ruleShape>;
export type CheckName = Exclude<keyof CheckRule, 'severity'>;

/** The names of the rules that a list item holds; exactly one in a valid item. */
export function ruleNames(rule: CheckRule): CheckName[] {
  return Object.keys(rule).filter(
    (key) => key !== 'severity' && rule[key as CheckName] !== undefined,
  ) as CheckName[];
}

/** What one rule found. `path` and `line` are set where the finding has a place. */
export const findingSchema = z.strictObject({
  rule: z.string(),
  passed: z.boolean(),
  severity: z.enum(['error', 'warning']),
  message: z.string(),
  path: z.string().optional(),
  line: z.number().int().optional(),
});

export type Finding = z.infer<typeof findingSchema>;
