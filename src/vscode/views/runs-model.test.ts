import { describe, expect, it } from 'vitest';
import {
  runContext,
  runDescription,
  runSign,
  runTooltip,
  statusBarText,
  statusBarTooltip,
  stepNodes,
} from './runs-model.ts';
import { atSecond, recorded, runState, someFailure, stepState } from '../../../test/fixtures/recorded-run.ts';
import type { RunSummary } from '../../app/cairn.ts';
import { noCost } from '../../contracts/proposal.ts';
import { timelineOf } from '../../insight/timeline.ts';
import type { TimelineBar } from '../../protocol/timeline.ts';
import type { RunWait, StepWait } from '../../protocol/waits.ts';
import { momentText } from '../../protocol/wording.ts';

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
    waits: [],
    next: [],
    reminders: 0,
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

  const waits = (wait: StepWait): readonly RunWait[] => [{ step: 's', name: 'S', wait }];
  const later = new Date(2026, 11, 1, 9, 0).getTime();

  it('that wait by themselves say until when, and why', () => {
    const atMs = new Date(1970, 0, 1, 14, 3, 10).getTime();
    const wait = { for: 'retry', untilMs: atMs, why: 'No answer.' } as const;
    expect(runDescription({ ...run({ is: 'running' }), waits: waits(wait) }, atMs - 30_000)).toContain(
      'waits until 14:03:10 to try again: No answer. · ',
    );
    const failed = { type: 'step.failed', step: 'draft', attempt: 1 } as const;
    const records = recorded([
      { type: 'step.started', step: 'draft', attempt: 1, data: { key: 'k' } },
      { ...failed, data: { failure: someFailure, cost: noCost, retryAtMs: atSecond(9) } },
    ]);
    const status = { is: 'retrying', atMs: atSecond(9) } as const;
    const steps = new Map([['draft', stepState('draft', { status })]]);
    const [draft] = stepNodes(timelineOf(runState({ steps }), records), atSecond(0));
    const until = momentText(atSecond(9), atSecond(0));
    expect(draft?.description).toContain(`waits until ${until} to try again`);
  });

  it('that wait for a time say until when, where one is, and not that they wait for a decision', () => {
    const summary = { ...run({ is: 'waiting', for: 'UTC' }), waits: waits({ for: 'time', untilMs: later }) };
    expect(runDescription(summary, 1000)).toBe('waits until 2026-12-01 09:00 · just now');
    expect(runSign(summary, 1000)).toMatchObject({ icon: 'watch' });
  });

  it('that rest until another try say until when, though they count as running', () => {
    const retry = { for: 'retry', untilMs: later } as const;
    const resting = { ...run({ is: 'running' }), waits: waits(retry) };
    expect(runDescription(resting, 1000)).toContain('waits until 2026-12-01 09:00 to try again');
    expect(runDescription({ ...resting, canGoOn: true }, 1000)).toContain('2 of 5 steps');
  });

  it('that time has moved on are not called interrupted', () => {
    const due = { ...run({ is: 'waiting', for: 'x' }), left: true, wakesAtMs: 900 };
    expect(runDescription(due, 1000)).toBe('waits for x · just now');
    expect(runDescription({ ...due, wakesAtMs: 1100 }, 1000)).toBe('interrupted · just now');
  });

  it('tell in the tooltip what they wait for, what comes next, what they cost and why they failed', () => {
    const summary = { ...run({ is: 'waiting', for: 'x' }, 0.5), next: ['Edit', 'Check'] };
    const asked = waits({ for: 'answer', question: 'Which?', options: ['a', 'b'] });
    expect(runTooltip({ ...summary, waits: asked }, 1000).split('\n')).toEqual([
      'run',
      'waits for x · $0.50 · just now',
      '2 of 5 steps done, 0 tokens, $0.50',
      'S waits for your answer: Which?',
      'Next: Edit, Check',
    ]);
    const failure = { ...someFailure, causes: ['refused', 'no route'], remedy: 'Try later.' };
    const failed = runTooltip(run({ is: 'failed', failure }), 1000);
    for (const part of ['No answer.', 'because: refused', 'because: no route', 'Try later.']) {
      expect(failed).toContain(part);
    }
  });

  it('that ask for an answer or an event can be given it', () => {
    const asks = waits({ for: 'answer', question: 'a?', options: ['a', 'b'] });
    const both = [...asks, ...waits({ for: 'event', event: 'rain' })];
    expect(runContext({ ...run({ is: 'running' }), waits: asks })).toBe('run.running.answer');
    expect(runContext({ ...run({ is: 'waiting', for: '' }), waits: both })).toBe('run.waiting.answer.event');
  });

  it('nest the steps of a map below it, with how many parts are done', () => {
    const [draft] = timelineOf(runState(), []).bars;
    if (!draft) throw new Error('no bar');
    const bar = (step: string, part: string | undefined, status: TimelineBar['status']): TimelineBar => {
      return { ...draft, step, name: step, status, ...(part ? { within: { step: 'm', part } } : {}) };
    };
    const bars = [
      bar('m', undefined, 'running'),
      bar('then', undefined, 'pending'),
      bar('m.1.a', 'm.1', 'succeeded'),
      bar('m.1.b', 'm.1', 'skipped'),
      bar('m.2.a', 'm.2', 'succeeded'),
      bar('m.2.b', 'm.2', 'running'),
    ];
    const view = timelineOf(runState(), []);
    const nodes = stepNodes({ ...view, bars }, 0);
    expect(nodes.map(({ step }) => step)).toEqual(['m', 'then']);
    expect(nodes[0]?.description).toBe('running · 1 of 2 parts');
    expect(nodes[0]?.children.map(({ step }) => step)).toEqual(['m.1.a', 'm.1.b', 'm.2.a', 'm.2.b']);
    const [called] = stepNodes({ ...view, bars: bars.slice(0, 4) }, 0);
    expect(called?.description).toBe('running · 2 of 2 steps');
  });

  it('say of a waiting step what it waits for, and what can be done', () => {
    const [draft] = timelineOf(runState(), []).bars;
    if (!draft) throw new Error('no bar');
    const wait = { for: 'event', event: 'rain' } as const;
    const view = { ...timelineOf(runState(), []), bars: [{ ...draft, status: 'waiting' as const, wait }] };
    expect(stepNodes(view, 0)).toMatchObject([
      { description: 'waits for “rain”', context: 'step.waiting.event', sign: { icon: 'broadcast' } },
    ]);
  });

  it('list every step once, with what became of it', () => {
    const nodes = stepNodes(timelineOf(runState(), []), 0);
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
    expect(statusBarTooltip(2, 0, 1)).toBe(
      '2 proposals wait for your decision, 1 question waits for your answer',
    );
    expect(statusBarTooltip(0, 1, 2)).toBe('2 questions wait for your answer, 1 run in progress');
  });
});
