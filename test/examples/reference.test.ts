import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stepSchemas } from '../../src/contracts/step-schemas.ts';
import {
  connectorTriggerSchema,
  fileTriggerSchema,
  scheduleTriggerSchema,
  triggersSchema,
} from '../../src/contracts/trigger.ts';
import { workflowHeadSchema } from '../../src/contracts/workflow.ts';
import { parseWorkflow, parseWorkflowFile } from '../../src/engine/workflow-file.ts';

const text = readFileSync(join(import.meta.dirname, '../../docs/workflows.md'), 'utf8');

test('the reference of workflows begins with one that can be run', () => {
  const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(text) ?? [];
  const { steps } = parseWorkflow(example, { file: 'docs/workflows.md', id: 'brief-to-note' });
  expect(steps.map(({ id, kind }) => `${id}: ${kind}`)).toEqual([
    'research: agent',
    'draft: agent',
    'warm: agent',
    'check: check',
    'approve: gate',
  ]);
});

test('its example of triggers can be kept', () => {
  const [, on = ''] = /```yaml\n(on:[\s\S]*?)```/.exec(text) ?? [];
  const inputs = '{tone: {default: a}, brief: {default: a}, lead: {default: a}}';
  const loop = `name: Loop\n${on}inputs: ${inputs}\nsteps: {ask: {gate: "?"}}\n`;
  const { triggers } = parseWorkflowFile(loop, { file: 'docs/workflows.md', id: 'loop' });
  expect(triggers.map(({ kind }) => kind)).toEqual(['schedule', 'file', 'connector']);
});

test('the reference of waiting can be run as well', () => {
  const [, example = ''] = /```yaml\n(steps:[\s\S]*?)```/.exec(text) ?? [];
  const file = `name: Offer\ninputs: {customer: {}}\n${example}`;
  const { steps } = parseWorkflow(file, { file: 'docs/workflows.md', id: 'offer' });
  expect(steps.map(({ id, kind }) => `${id}: ${kind}`)).toEqual([
    'tone: wait',
    'draft: agent',
    'approve: gate',
    'reply: wait',
    'monday: wait',
  ]);
});

test('the reference tells every key', () => {
  const triggerSchemas = [triggersSchema, scheduleTriggerSchema, fileTriggerSchema, connectorTriggerSchema];
  const schemas = [workflowHeadSchema, ...triggerSchemas, ...Object.values(stepSchemas)];
  const keys = new Set(schemas.flatMap(({ shape }) => Object.keys(shape)));
  expect([...keys].filter((key) => !new RegExp(`\`${key}\\b`).test(text))).toEqual([]);
});
