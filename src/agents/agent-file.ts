import { agentFailures } from '../base/failures/agents.ts';
import { agentHeadSchema, type Agent } from '../contracts/agent.ts';
import { parseYaml } from '../contracts/parse-yaml.ts';
import { idSchema } from '../contracts/step-schemas.ts';
import { partFrontMatter } from './front-matter.ts';

/** What an agent's file is called: its id, then this. */
export const agentFileSuffix = '.agent.md';

/**
 * Reads `.cairn/agents/<id>.agent.md`: the front matter is the agent's head, the body its
 * instructions, which may be empty because every role has some of its own.
 * Throws `definition.invalid` with file, line and column.
 */
export function parseAgentFile(file: string, text: string): Agent {
  const id = agentId(file);
  const parted = partFrontMatter(text);
  if (parted.frontMatter === 'none') throw agentFailures.noFrontMatter(file);
  if (parted.frontMatter === 'open') throw agentFailures.openFrontMatter(file);
  const head = parseYaml(parted.yaml, agentHeadSchema, { file, lineOffset: 1 });
  return { id, ...head, instructions: parted.body.trim() };
}

function agentId(file: string): string {
  const name = file.slice(file.lastIndexOf('/') + 1);
  if (!name.endsWith(agentFileSuffix))
    throw agentFailures.badFileName(file, `it does not end in ${agentFileSuffix}`);
  const id = idSchema.safeParse(name.slice(0, -agentFileSuffix.length));
  if (!id.success) throw agentFailures.badFileName(file, id.error.issues[0]?.message ?? 'it is empty');
  return id.data;
}
