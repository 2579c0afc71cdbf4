import { expect, test } from 'vitest';
import { brokenTrigger, keeperLine, triggerLine, triggerSign } from './triggers-model.ts';
import type { TriggerSummary } from '../../app/cairn.ts';

const nowMs = Date.UTC(2026, 0, 5, 9);
const trigger: TriggerSummary = {
  workflow: 'loop',
  workflowName: 'Loop',
  trigger: 'schedule 0 10 * * *',
  kind: 'schedule',
  at: { file: '.cairn/workflows/loop.yaml', line: 3 },
  kept: true,
  waiting: 0,
  nextMs: nowMs + 3_600_000,
  fired: { run: 'r', atMs: nowMs - 23 * 3_600_000 },
};

test('a trigger says when it comes next and when it fired last', () => {
  expect(triggerLine(trigger, nowMs)).toBe('next in 1 h · last 23 h ago');
  const file = { ...trigger, kind: 'file', nextMs: undefined, fired: undefined, waiting: 2 } as const;
  expect(triggerLine(file, nowMs)).toBe('waits for a file · never yet · 2 due and not started yet');
  expect(triggerLine({ ...file, kept: false, waiting: 0 }, nowMs)).toBe('not looked at yet · never yet');
});

test('what is wrong comes first', () => {
  const failure = {
    code: 'connector.missing',
    message: 'There is no connector.',
    retry: 'operator',
  } as const;
  expect(triggerLine({ ...trigger, problem: { ...failure, remedy: 'Create it.' } }, nowMs)).toBe(
    'There is no connector. Create it.',
  );
  expect([triggerSign(trigger), triggerSign({ ...trigger, problem: failure })]).toEqual(['watch', 'error']);
});

test('it is said who keeps them', () => {
  const listing = { triggers: [trigger], problems: [] };
  expect(keeperLine(listing, 7)).toBe('No process keeps them now, so nothing is started');
  expect(keeperLine({ ...listing, keeper: { pid: 7 } }, 7)).toBe('Kept by this window');
  expect(keeperLine({ ...listing, keeper: { pid: 8 } }, 7)).toContain('process 8');
});

test('a workflow that cannot be read is named by its file, with what to do', () => {
  const failure = { code: 'definition.invalid', message: 'x.yaml:1:8: No YAML.', retry: 'operator' } as const;
  const at = { file: '.cairn/workflows/loop.yaml', line: 1 };
  expect(brokenTrigger({ ...failure, at, remedy: 'Correct it.' })).toEqual({
    label: 'loop.yaml',
    detail: 'x.yaml:1:8: No YAML. Correct it.',
  });
});
