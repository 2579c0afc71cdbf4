import { expect, test } from 'vitest';
import { assessRisk } from './risk.ts';
import type { FileChange } from '../contracts/proposal.ts';

const change = (over: Partial<FileChange>): FileChange => ({
  path: 'drafts/a.md',
  kind: 'added',
  added: 20,
  removed: 0,
  binary: false,
  ...over,
});

test('a new text is a low risk', () => {
  expect(assessRisk({ files: [change({})], tainted: false })).toEqual({ level: 'low', reasons: [] });
});

test('deleting is a high risk, whatever else the change does', () => {
  const { level, reasons } = assessRisk({ files: [change({ kind: 'deleted' }), change({})], tainted: true });
  expect(level).toBe('high');
  expect(reasons).toEqual(['deletes a file', 'text from outside was read on the way']);
});

test.each([
  ['text from outside', { files: [change({})], tainted: true }, /outside/],
  ['many lines', { files: [change({ added: 900 })], tainted: false }, /900 lines/],
  ['many files', { files: Array.from({ length: 11 }, () => change({})), tainted: false }, /11 files/],
  [
    'a rewrite',
    { files: [change({ kind: 'modified', added: 30, removed: 40 })], tainted: false },
    /rewrites drafts\/a\.md/,
  ],
])('%s is a medium risk, with its reason', (_what, facts, reason) => {
  const risk = assessRisk(facts);
  expect(risk.level).toBe('medium');
  expect(risk.reasons.join()).toMatch(reason);
});
