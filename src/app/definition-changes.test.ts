import { expect, it } from 'vitest';
import { definitionChanges } from './definition-changes.ts';
import { definitionText } from './definition-files.ts';
import type { Definition } from '../contracts/run.ts';
import { runState } from '../../test/fixtures/recorded-run.ts';

const { definition } = runState();
const { workflow, agents } = definition;
const changed = (change: Partial<Definition>) => definitionChanges(definition, { ...definition, ...change });

it('says of every part of a definition what has changed', () => {
  const steps = workflow.steps
    .filter(({ id }) => id !== 'check')
    .map((step) => (step.id === 'approve' ? { ...step, needs: ['draft'], question: 'Ready?' } : step));
  const inputs = { tone: { type: 'text', default: 'plain' } } as const;
  expect(
    changed({
      workflow: { ...workflow, steps, inputs, budget: { usd: 1 } },
      agents: agents.map((agent) => ({ ...agent, instructions: `${agent.id}, be brief.` })),
      rules: 'Be kind.',
      prompts: { 'a.prompt.md': 'Write.' },
    }),
  ).toEqual([
    'The workflow has changed: budget.usd.',
    'The step “check” is gone.',
    'The step “approve” has changed: needs, question.',
    'The agent “executor” has changed: instructions.',
    'The agent “qa” has changed: instructions.',
    'AGENTS.md has changed.',
    'The input “tone” is new.',
    'The prompt “a.prompt.md” is new.',
  ]);
});

it('says nothing of where a step stands in its file', () => {
  const moved = { ...workflow, steps: workflow.steps.map((step) => ({ ...step, line: 7 })) };
  expect(changed({ workflow: moved })).toEqual([]);
  expect(definitionText({ ...definition, workflow: moved })).toBe(definitionText(definition));
});
