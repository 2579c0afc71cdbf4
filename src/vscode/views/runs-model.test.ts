import { describe, expect, it } from 'vitest';
import { runContext, runDescription, statusBarText, statusBarTooltip, stepNodes } from './runs-model.ts';
import { atSecond, recorded, runState, someFailure, stepState } from '../../../test/fixtures/recorded-run.ts';
import type { RunSummary } from '../../app/cairn.ts';
import { timeOfDay } from '../../base/time-of-day.ts';
import { noCost } from '../../contracts/proposal.ts';
import { timelineOf } from '../../insight/timeline.ts';
import { ageText } from '../../protocol/wording.ts';

function run(status: RunSummary['status'], usd = 0): RunSummary {
  return {
    id: 'run',
    workflow: 'loop',
    workflowName: 'Loop',
    status,
    canGoOn: false,
    left: false,
    archived: false,
    startedAtMs: 0,
    updatedAtMs: 0,
    cost: { tokensIn: 0, tokensOut: 0, usd, durationMs: 0 },
    model: 'offline',
    openProposals: 0,
    progress: { done: 2, of: 5 },
  };
}

describe('the runs', () => {
  it.each([
    [run({ is: 'running' }), '2 of 5 steps · just now'],
    [
      run({ is: 'waiting', for: 'your decision on 1 proposal' }),
      'waits for your decision on 1 proposal · just now',
    ],
    [run({ is: 'succeeded' }, 0.02), 'completed · $0.0200 · just now'],
    [run({ is: 'failed', failure: someFailure }), 'No answer. · just now'],
    [run({ is: 'stopped', why: 'Enough.', by: 'Ada' }), 'stopped · just now'],
  ])('say what matters now (%#)', (summary, text) => expect(runDescription(summary, 1000)).toBe(text));

  it('that were left say so, and can be resumed', () => {
    const left = { ...run({ is: 'running' }), left: true };
    expect([runContext(run({ is: 'running' })), runContext(left)]).toEqual(['run.running', 'run.left']);
    expect(runDescription(left, 1000)).toBe('interrupted · just now');
  });

  it('that are archived say so, and can be restored', () => {
    const archived = { ...run({ is: 'failed', failure: someFailure }), archived: true };
    expect(runContext(archived)).toBe('run.archived');
    expect(runDescription(archived, 1000)).toBe('No answer. · archived · just now');
  });

  it('that wait by themselves say until when, and why', () => {
    const atMs = new Date(1970, 0, 1, 14, 3, 10).getTime();
    const nextTry = { atMs, steps: ['Draft', 'Check'], why: 'No answer.' };
    expect(runDescription({ ...run({ is: 'running' }), nextTry }, atMs - 30_000)).toBe(
      '2 of 5 steps · waits until 14:03:10 to try Draft, Check again: No answer. · ' +
        ageText(0, atMs - 30_000),
    );
    const failed = { type: 'step.failed', step: 'draft', attempt: 1 } as const;
    const records = recorded([
      { type: 'step.started', step: 'draft', attempt: 1, data: { key: 'k' } },
      { ...failed, data: { failure: someFailure, cost: noCost, retryAtMs: atSecond(9) } },
    ]);
    const status = { is: 'retrying', atMs: atSecond(9) } as const;
    const steps = new Map([['draft', stepState('draft', { status })]]);
    const [draft] = stepNodes(timelineOf(runState({ steps }), records));
    const until = timeOfDay(atSecond(9), atSecond(0));
    expect(draft?.description).toBe(`waits until ${until} to try again: No answer. · 1 s`);
  });

  it('list every step once, with what became of it', () => {
    const nodes = stepNodes(timelineOf(runState(), []));
    expect(nodes.map(({ name, description }) => `${name}: ${description}`)).toEqual([
      'Draft: not started',
      'Check: not started',
      'Approve: not started',
    ]);
  });
});

describe('the status bar', () => {
  it('shows what waits and what runs, and nothing more', () => {
    expect(statusBarText(3, 1)).toBe('$(layers) $(bell-dot) 3 $(sync~spin) 1');
    expect(statusBarText(0, 0)).toBe('$(layers) Cairn');
    expect(statusBarTooltip(1, 2)).toBe('1 proposal waits for your decision, 2 runs in progress');
    expect(statusBarTooltip(0, 0)).toBe('Nothing waits for your decision');
  });
});
