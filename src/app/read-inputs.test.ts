import { expect, test } from 'vitest';
import { readInputs } from './read-inputs.ts';
import type { Json } from '../base/json.ts';
import type { Workflow, WorkflowInput } from '../contracts/workflow.ts';

const workflow = (inputs: Record<string, WorkflowInput>): Workflow => ({
  id: 'w',
  name: 'W',
  inputs,
  budget: {},
  permissions: { write: [] },
  steps: [],
});

test('what is not given has its default', () => {
  const inputs = {
    brief: { type: 'path', default: 'a.md' },
    words: { type: 'number', default: 300 },
  } as const;
  expect(readInputs(workflow(inputs), { words: '500' })).toEqual({ brief: 'a.md', words: 500 });
});

test.each<[string, WorkflowInput, Json, RegExp]>([
  ['a number that is none', { type: 'number' }, 'many', /must be a number/],
  ['a truth that is none', { type: 'boolean' }, 'perhaps', /true or false/],
  ['a value that is no option', { type: 'text', options: ['a', 'b'] }, 'c', /one of a, b/],
  ['a list', { type: 'text' }, ['a'], /one value/],
  ['nothing where there is no default', { type: 'text' }, '', /no value and no default/],
])('%s is refused', (_what, input, value, message) => {
  expect(() => readInputs(workflow({ x: input }), { x: value })).toThrow(message);
});

test('an input that the workflow does not have is refused with those that it has', () => {
  expect(() => readInputs(workflow({ brief: { type: 'path', default: 'a.md' } }), { brif: 'b.md' })).toThrow(
    /“brif”/,
  );
});
