import { stringify } from 'yaml';
import { workflowPath } from './load-definition.ts';
import { agentFileSuffix } from '../agents/agent-file.ts';
import { toJson } from '../base/json.ts';
import { companyPaths } from '../contracts/company.ts';
import type { Definition } from '../contracts/run.ts';

/**
 * A definition as files, by path: as Cairn reads them, with all defaults and without comments, so that two definitions
 * that mean the same have the same text.
 */
export function definitionFiles({
  workflow,
  agents,
  policy,
  rules,
  prompts,
}: Definition): ReadonlyMap<string, string> {
  const { steps, ...head } = workflow;
  const written = steps.map(({ line: _line, ...step }) => step);
  const home = companyPaths.workflows;
  return new Map([
    [workflowPath(workflow.id), yamlOf({ ...head, steps: written })],
    ...Object.entries(prompts).map(([name, text]) => [`${home}/${name}`, text] as const),
    ...agents.map(({ id, instructions, ...role }) => {
      const text = `---\n${yamlOf(role)}---\n\n${instructions}\n`;
      return [`${companyPaths.agents}/${id}${agentFileSuffix}`, text] as const;
    }),
    [companyPaths.policy, yamlOf(policy)],
    [companyPaths.rules, rules],
  ]);
}

/** All files of a definition as one document. */
export function definitionText(definition: Definition): string {
  return [...definitionFiles(definition)].map(([path, text]) => `# ${path}\n\n${text.trim()}\n`).join('\n');
}

function yamlOf(value: object): string {
  return stringify(toJson(value), { sortMapEntries: true, lineWidth: 0 });
}
