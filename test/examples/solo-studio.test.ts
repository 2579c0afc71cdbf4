import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { linksOf } from '../../src/agents/links.ts';
import { parseAgentFile } from '../../src/agents/agent-file.ts';
import { parseConnector } from '../../src/connectors/connector-file.ts';
import { openConnector } from '../../src/connectors/open-connector.ts';
import type { ConnectorAnswer } from '../../src/contracts/connector.ts';
import type { Note } from '../../src/contracts/memory.ts';
import type { Step } from '../../src/contracts/workflow.ts';
import { parseWorkflow } from '../../src/engine/workflow-file.ts';
import { parseNote } from '../../src/memory/note-file.ts';
import { parsePolicy } from '../../src/policy/policy-file.ts';
import { findSecrets } from '../../src/policy/secrets.ts';

const root = join(import.meta.dirname, '../../examples/solo-studio');

const files = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) =>
    join(entry.parentPath, entry.name)
      .slice(root.length + 1)
      .replaceAll('\\', '/'),
  );

const text = (path: string): string => readFileSync(join(root, path), 'utf8');
const below = (folder: string, ending: string): string[] =>
  files.filter((path) => path.startsWith(`${folder}/`) && path.endsWith(ending)).toSorted();
const idOf = (path: string, ending: string): string => path.slice(path.lastIndexOf('/') + 1, -ending.length);

const notes: readonly Note[] = below('memory', '.md').map((path) => parseNote(path, text(path)));
const noteIds = new Set(notes.map(({ head }) => head.id));
const agents = below('.cairn/agents', '.agent.md').map((path) => parseAgentFile(path, text(path)));
const workflows = below('.cairn/workflows', '.yaml').map((file) =>
  parseWorkflow(text(file), { file, id: idOf(file, '.yaml') }),
);

function readAll(id: string, operation: string): Promise<ConnectorAnswer> {
  const file = `.cairn/connectors/${id}.yaml`;
  return openConnector(id, parseConnector(text(file), { file }), root).read(operation, {});
}

function agentsOf(step: Step): readonly string[] {
  if (step.kind === 'agent') return [step.agent];
  return step.kind === 'check' && step.judge ? [step.judge] : [];
}

describe('the definitions of the sample company', () => {
  test('are three workflows that need no input', () => {
    expect(workflows.map(({ id }) => id)).toEqual(['content-loop', 'inbox-to-reply', 'lead-to-proposal']);
    const inputs = workflows.flatMap((workflow) => Object.values(workflow.inputs));
    expect(inputs.filter((input) => input.default === undefined || input.default === '')).toEqual([]);
  });

  test('have a gate of their own behind everything they write', () => {
    expect(workflows.flatMap(({ steps }) => steps.filter(({ id }) => id.startsWith('review')))).toEqual([]);
  });

  test('name no owner, so that they can be made anybody’s own', () => {
    const definitions = files.filter((path) => path.startsWith('.cairn/'));
    expect(definitions.filter((path) => text(path).includes('Ines'))).toEqual([]);
  });

  test('name agents and connectors that exist', () => {
    const steps = workflows.flatMap((workflow) => workflow.steps);
    const known = new Set(agents.map(({ id }) => id));
    expect(steps.flatMap(agentsOf).filter((id) => !known.has(id))).toEqual([]);
    const connectors = steps.flatMap((step) => (step.kind === 'connector' ? [step.connector] : []));
    expect(connectors.filter((id) => !files.includes(`.cairn/connectors/${id}.yaml`))).toEqual([]);
  });

  test('have one agent of each role', () => {
    expect(agents.map(({ role }) => role).toSorted()).toEqual(['executor', 'fetcher', 'planner', 'qa']);
    expect(agents.every(({ instructions }) => instructions.length > 200)).toBe(true);
  });

  test('have a policy with budgets, and name the local folders alone as ignored', () => {
    const policy = parsePolicy(text('.cairn/policy.yaml'), { file: '.cairn/policy.yaml' });
    expect(policy.rules.length).toBeGreaterThan(1);
    expect(policy.budgets.run?.usd).toBeGreaterThan(0);
    expect(text('.cairn/.gitignore')).toBe('runs/\nindex/\ncache/\n');
  });
});

describe('the memory of the sample company', () => {
  test('is some forty notes, each with an id of its own that is its file’s name', () => {
    expect(notes.length).toBeGreaterThanOrEqual(40);
    expect(noteIds.size).toBe(notes.length);
    expect(notes.filter(({ head, path }) => head.id !== idOf(path, '.md'))).toEqual([]);
  });

  test('has provenance: dates, and where each note comes from or what it holds since', () => {
    const bare = notes.filter(
      ({ head }) =>
        head.created === undefined ||
        (head.source.length === 0 && head.derived_from.length === 0 && head.valid_from === undefined),
    );
    expect(bare.map(({ path }) => path)).toEqual([]);
  });

  test('has front matter that names only notes there are', () => {
    const named = notes.flatMap(({ head }) => [
      ...head.derived_from,
      ...head.replaces,
      ...head.replaced_by,
      ...head.related.map((link) => link.replace(/^\[\[|\]\]$/g, '')),
    ]);
    expect(named.filter((id) => !noteIds.has(id))).toEqual([]);
  });

  test('has a decision that replaced another, said on both sides', () => {
    const pairs = (key: 'replaces' | 'replaced_by') =>
      notes.flatMap(({ head }) => head[key].map((id) => [head.id, id] as const));
    expect(pairs('replaces')).toEqual([['fixed-prices-2026', 'day-rate-2024']]);
    expect(pairs('replaced_by')).toEqual([['day-rate-2024', 'fixed-prices-2026']]);
  });
});

describe('the texts of the sample company', () => {
  const markdown = files.filter((path) => path.endsWith('.md') && !path.startsWith('.cairn/'));

  test('link to notes that exist', () => {
    const dead = markdown
      .filter((path) => path !== 'AGENTS.md')
      .flatMap((path) =>
        linksOf(text(path))
          .filter(({ kind, target }) => kind === 'note' && !noteIds.has(target))
          .map(({ target }) => `${path}: [[${target}]]`),
      );
    expect(dead).toEqual([]);
  });

  test('hold no secret', () => {
    expect(files.flatMap((path) => findSecrets(path, text(path)))).toEqual([]);
  });

  test('include briefs with a goal, an audience, a message, an action and a deadline', () => {
    const briefs = below('briefs', '.md');
    const wanted = [
      '## Goal',
      '## Audience',
      '## Key message',
      '## Must mention',
      '## Call to action',
      'Deadline: ',
    ];
    expect(briefs.length).toBeGreaterThanOrEqual(3);
    expect(briefs.filter((path) => !wanted.every((part) => text(path).includes(part)))).toEqual([]);
  });
});

describe('what comes from outside the sample company', () => {
  test.each([
    ['inbox', 'mails', 5],
    ['leads', 'rows', 8],
    ['news', 'entries', 5],
  ])('%s is read without a problem', async (id, operation, count) => {
    const { items, problems } = await readAll(id, operation);
    expect(problems).toEqual([]);
    expect(items).toHaveLength(count);
    expect(items.filter(({ date, title }) => date === undefined || title === '')).toEqual([]);
  });

  test('the default lead is in the table', async () => {
    const { items } = await readAll('leads', 'rows');
    const lead = workflows.find(({ id }) => id === 'lead-to-proposal')?.inputs.lead?.default;
    expect(items.map(({ id }) => id)).toContain(lead);
  });
});
