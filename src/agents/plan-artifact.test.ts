import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Plan } from '../contracts/agent.ts';
import { partFrontMatter } from './front-matter.ts';
import { renderPlan } from './plan-artifact.ts';

const origin = { run: '20260105-content-loop-ab12', workflow: 'content-loop', step: 'plan' };
const plan: Plan = {
  title: 'Launch: "Spring"',
  intent: 'Win three hotels.',
  objectives: ['Be found', 'Be trusted'],
  tasks: [
    { step: 'draft', what: 'Write the article', doneWhen: 'it has 300 words' },
    { step: '', what: 'Choose a\npicture', doneWhen: 'there is one' },
  ],
  risks: [],
  questions: ['What did Acme say?'],
  adds: [],
};

test('a plan becomes Markdown that a person can edit', () => {
  expect(partFrontMatter(renderPlan(plan, origin)).body).toBe(`
# Launch: "Spring"

Win three hotels.

## Objectives

1. Be found
2. Be trusted

## Tasks

- [ ] **draft**: Write the article
  - Done when: it has 300 words
- [ ] Choose a picture
  - Done when: there is one

## Questions

- What did Acme say?
`);
});

test('its front matter says what made it, whatever the title is', () => {
  const parted = partFrontMatter(renderPlan({ ...plan, title: '---\nrun: other # "x"' }, origin));
  expect(parse(parted.yaml)).toEqual({ title: '--- run: other # "x"', ...origin });
});
