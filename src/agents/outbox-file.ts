import { stringify } from 'yaml';
import { z } from 'zod';
import { partFrontMatter } from './front-matter.ts';
import { parseYaml } from '../contracts/parse-yaml.ts';

/** What would be sent, as a file that the operator can edit before it is approved. */
export interface OutboxFile {
  readonly connector: string;
  readonly operation: string;
  readonly with: Readonly<Record<string, string>>;
  readonly body: string;
}

const headSchema = z.strictObject({
  connector: z.string(),
  operation: z.string(),
  with: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String)).default({}),
});

export function renderOutboxFile({ body, ...head }: OutboxFile): string {
  return `---\n${stringify(head, { lineWidth: 0 })}---\n${body === '' ? '' : `\n${body.trimEnd()}\n`}`;
}

/** Reads it back. Throws `definition.invalid` with the line. */
export function parseOutboxFile(text: string, file: string): OutboxFile {
  const { yaml, body } = partFrontMatter(text);
  return { ...parseYaml(yaml, headSchema, { file, lineOffset: 1 }), body: body.trim() };
}
