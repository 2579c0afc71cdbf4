import { parseYaml } from '../contracts/parse-yaml.ts';
import { policySchema, type Policy } from '../contracts/policy.ts';

/** Parses `.cairn/policy.yaml`. Throws `definition.invalid` with line, column and a remedy. */
export function parsePolicy(text: string, options: { readonly file: string }): Policy {
  return parseYaml(text, policySchema, options);
}
