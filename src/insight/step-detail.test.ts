import { describe, expect, it } from 'vitest';
import { stepDetailOf } from './step-detail.ts';
import {
  atSecond,
  proposalVersion,
  recorded,
  runState,
  someFailure,
  stepState,
} from '../../test/fixtures/recorded-run.ts';
import type { RunEvent } from '../contracts/journal.ts';
import { noCost } from '../contracts/proposal.ts';

const source = { id: 'a', title: 'Note A', uri: 'memory/a.md', untrusted: false };
const completed: RunEvent = {
  type: 'step.completed',
  step: 'draft',
  attempt: 2,
  data: {
    input: { objective: 'Write' },
    output: { intent: 'Done' },
    cost: noCost,
    model: 'offline',
    sources: [source],
  },
};
const failed: RunEvent = {
  type: 'step.failed',
  step: 'draft',
  attempt: 1,
  data: { failure: someFailure, cost: noCost },
};
const started = (attempt: number): RunEvent => ({
  type: 'step.started',
  step: 'draft',
  attempt,
  data: { key: 'k' },
});
const proposal = {
  n: 1,
  step: 'draft',
  status: { is: 'open' },
  versions: [proposalVersion()],
  createdAtMs: 0,
} as const;

describe('stepDetailOf', () => {
  it('gathers input, output, sources, attempts and the proposal of a step', () => {
    const state = runState({
      steps: new Map([['draft', stepState('draft', { status: { is: 'running' } })]]),
      proposals: new Map([[1, proposal]]),
    });
    const detail = stepDetailOf(state, recorded([started(1), failed, started(2), completed]), 'draft');
    expect(detail).toMatchObject({
      agent: 'Executor',
      model: 'offline',
      status: 'succeeded',
      input: { objective: 'Write' },
      output: { intent: 'Done' },
      sources: [source],
      attempts: [
        { number: 1, status: 'failed', failure: someFailure, endMs: atSecond(1) },
        { number: 2, status: 'succeeded', startMs: atSecond(2) },
      ],
      proposals: [{ id: '20261120-loop-abcd/1', status: 'waits for a decision', version: 1 }],
    });
    expect(detail).not.toHaveProperty('failure');
  });

  it('shows the failure of the last attempt', () => {
    const state = runState({
      steps: new Map([['draft', stepState('draft', { status: { is: 'failed', failure: someFailure } })]]),
    });
    expect(stepDetailOf(state, recorded([started(1), failed]), 'draft')).toMatchObject({
      status: 'failed',
      failure: someFailure,
    });
  });

  it('shows a gate with its question and the proposals that it asks about', () => {
    const opened: RunEvent = {
      type: 'gate.opened',
      step: 'approve',
      attempt: 1,
      data: { question: 'Publish it?', proposals: [{ n: 1, version: 1 }] },
    };
    const state = runState({
      steps: new Map([['approve', stepState('approve', { status: { is: 'waiting', for: 'decision' } })]]),
      proposals: new Map([[1, proposal]]),
    });
    expect(stepDetailOf(state, recorded([opened]), 'approve')).toMatchObject({
      question: 'Publish it?',
      status: 'waiting',
      proposals: [{ intent: 'Draft the autumn article' }],
    });
  });

  it('keeps why work was sent back, by whom, with the findings that failed', () => {
    const finding = { rule: 'words', severity: 'error', path: 'drafts/a.md', line: 3 } as const;
    const sentBack: RunEvent = {
      type: 'step.sent-back',
      step: 'check',
      attempt: 1,
      data: {
        to: 'draft',
        by: 'check',
        feedback: {
          from: 'check',
          text: 'One rule failed.',
          findings: [
            { ...finding, passed: false, message: 'has 96 words, needs 150' },
            { ...finding, passed: true, message: 'has its sections' },
          ],
        },
        resets: ['draft', 'check'],
        cost: noCost,
      },
    };
    const detail = stepDetailOf(runState(), recorded([started(1), sentBack]), 'draft');
    expect(detail?.feedback).toEqual([
      { from: 'Check', text: 'One rule failed.', findings: ['drafts/a.md:3: has 96 words, needs 150'] },
    ]);
  });

  it('shows the question and the options of a step that asks, for as long as it does', () => {
    const wait = { for: 'answer', question: 'Which?', options: ['a', 'b'] } as const;
    const asking = stepState('draft', { status: { is: 'waiting', ...wait } });
    const steps = new Map([['draft', asking]]);
    expect(stepDetailOf(runState({ steps }), recorded([started(1)]), 'draft')).toMatchObject({ wait });
    const done = new Map([['draft', stepState('draft')]]);
    expect(stepDetailOf(runState({ steps: done }), [], 'draft')).not.toHaveProperty('wait');
  });

  it('knows nothing of a step that the run does not have', () => {
    expect(stepDetailOf(runState(), [], 'elsewhere')).toBeUndefined();
  });
});
