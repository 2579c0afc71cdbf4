import { describe, expect, it } from 'vitest';
import { isOffline, timelineOf } from './timeline.ts';
import {
  atSecond,
  proposalVersion,
  recorded,
  runState,
  someFailure,
  stepState,
} from '../../test/fixtures/recorded-run.ts';
import { momentText } from '../protocol/wording.ts';
import type { RunEvent } from '../contracts/journal.ts';
import { noCost } from '../contracts/proposal.ts';

const started = (step: string, attempt = 1): RunEvent => ({
  type: 'step.started',
  step,
  attempt,
  data: { key: 'k' },
});
const completed = (step: string, attempt = 1): RunEvent => ({
  type: 'step.completed',
  step,
  attempt,
  data: { input: {}, output: {}, cost: { ...noCost, usd: 0.5 }, sources: [] },
});
const sentBack: RunEvent = {
  type: 'step.sent-back',
  step: 'check',
  attempt: 1,
  data: {
    to: 'draft',
    by: 'check',
    feedback: { from: 'check', text: 'Too short.', findings: [] },
    resets: ['draft', 'check'],
    cost: noCost,
  },
};

describe('timelineOf', () => {
  it('shows lanes by who does the work, the operator last', () => {
    const view = timelineOf(runState(), []);
    expect(view.lanes.map(({ label }) => label)).toEqual(['Executor', 'QA', 'Operator']);
  });

  it('shows every step that has not started as pending, without times', () => {
    const view = timelineOf(runState(), []);
    expect(view.bars.map(({ step, status, startMs }) => [step, status, startMs])).toEqual([
      ['draft', 'pending', undefined],
      ['check', 'pending', undefined],
      ['approve', 'pending', undefined],
    ]);
  });

  it('shows each attempt as a bar of its own when a check sends work back', () => {
    const records = recorded([
      started('draft'),
      completed('draft'),
      started('check'),
      sentBack,
      started('draft', 2),
    ]);
    const running = stepState('draft', { status: { is: 'running' } });
    const steps = new Map([...runState().steps, ['draft', running]]);
    const bars = timelineOf(runState({ steps }), records).bars;
    expect(
      bars
        .filter(({ status }) => status !== 'pending')
        .map(({ step, attempt, status }) => `${step} ${attempt} ${status}`),
    ).toEqual(['draft 1 succeeded', 'draft 2 running', 'check 1 sent-back']);
    expect(bars[0]).toMatchObject({ startMs: atSecond(0), endMs: atSecond(1), cost: { usd: 0.5 } });
  });

  it('shows an open gate as waiting until it is completed', () => {
    const opened: RunEvent = {
      type: 'gate.opened',
      step: 'approve',
      attempt: 1,
      data: { question: 'Publish?', proposals: [{ n: 1, version: 1 }] },
    };
    const steps = new Map([
      ['approve', stepState('approve', { status: { is: 'waiting', for: 'decision' } })],
    ]);
    const waiting = timelineOf(
      runState({ steps, status: { is: 'waiting', for: 'your decision' } }),
      recorded([opened]),
    );
    expect(waiting.bars).toMatchObject([{ step: 'approve', status: 'waiting', startMs: atSecond(0) }]);
    expect(waiting.statusText).toBe('Waits for your decision');
    const done = timelineOf(runState({ steps }), recorded([opened, completed('approve')]));
    expect(done.bars).toMatchObject([{ step: 'approve', status: 'succeeded', endMs: atSecond(1) }]);
  });

  it('tells of a waiting step what it waits for, and marks reminders and what happened', () => {
    const wait = { for: 'event', event: 'rain', untilMs: atSecond(9) } as const;
    const steps = new Map([['draft', stepState('draft', { status: { is: 'waiting', ...wait } })]]);
    const waiting: RunEvent = { type: 'step.waiting', step: 'draft', attempt: 1, data: { input: {}, wait } };
    const view = timelineOf(
      runState({ steps }),
      recorded([
        started('draft'),
        waiting,
        { type: 'gate.reminded', step: 'approve', attempt: 1, data: {} },
        { type: 'signal.received', data: { event: 'rain', text: 'It pours', by: 'Ada <ada@example.com>' } },
      ]),
    );
    expect(view.bars[0]).toMatchObject({ status: 'waiting', wait });
    expect(view.waits).toEqual([{ step: 'draft', name: 'Draft', wait }]);
    expect(view.marks.map(({ kind, label }) => [kind, label])).toEqual([
      ['reminded', 'Reminded of its question'],
      ['signalled', '“rain” happened, told by Ada: It pours'],
    ]);
  });

  it('says when a failed attempt is tried again', () => {
    const failed: RunEvent = {
      type: 'step.failed',
      step: 'draft',
      attempt: 1,
      data: { failure: someFailure, cost: noCost, retryAtMs: atSecond(9) },
    };
    const attempt = { number: 1, key: 'k', startedAtMs: atSecond(0), cost: noCost, failure: someFailure };
    const status = { is: 'retrying', atMs: atSecond(9) } as const;
    const steps = new Map([['draft', stepState('draft', { status, attempts: [attempt] })]]);
    const view = timelineOf(runState({ steps }), recorded([started('draft'), failed]));
    expect(view.bars[0]).toMatchObject({
      status: 'retrying',
      retryAtMs: atSecond(9),
      wait: { why: 'No answer.' },
    });
    const until = momentText(atSecond(9), atSecond(0));
    expect(view.statusText).toBe(`Waits until ${until} to try Draft again: No answer.`);
    steps.set('check', stepState('check', { status: { is: 'running' } }));
    expect(timelineOf(runState({ steps }), []).statusText).toBe(
      `Running Check; waits until ${until} to try Draft again: No answer.`,
    );
  });

  it('waits for the step that is due first, and names all', () => {
    const retrying = (id: string, second: number, message: string) => {
      const failure = { ...someFailure, message };
      const attempt = { number: 1, key: 'k', startedAtMs: atSecond(0), cost: noCost, failure };
      const status = { is: 'retrying', atMs: atSecond(second) } as const;
      return [id, stepState(id, { status, attempts: [attempt] })] as const;
    };
    const steps = new Map([retrying('draft', 9, 'Late.'), retrying('check', 5, 'Early.')]);
    const until = momentText(atSecond(5), atSecond(0));
    expect(timelineOf(runState({ steps }), []).statusText).toBe(
      `Waits until ${until} to try Draft, Check again: Early.`,
    );
  });

  it('closes what was under way when the run is stopped', () => {
    const stopped: RunEvent = { type: 'run.stopped', data: { why: 'Stopped by the operator.', by: 'Ada' } };
    const state = runState({
      status: { is: 'stopped', why: 'Stopped by the operator.', by: 'Ada' },
      steps: new Map([['draft', stepState('draft', { status: { is: 'running' } })]]),
      updatedAtMs: atSecond(1),
    });
    const view = timelineOf(state, recorded([started('draft'), stopped]));
    expect(view.bars[0]).toMatchObject({ status: 'stopped', endMs: atSecond(1) });
    expect(view).toMatchObject({ statusText: 'Stopped by the operator.', endedAtMs: atSecond(1) });
  });

  it('marks decisions and commits in the words of the operator', () => {
    const commit = 'c'.repeat(40);
    const records = recorded([
      {
        type: 'decision.made',
        data: { n: 1, version: 1, commit, verdict: 'approve', by: 'operator', who: 'Ada' },
      },
      {
        type: 'decision.made',
        data: { n: 1, version: 1, commit, verdict: 'approve', by: 'policy', who: 'drafts' },
      },
      { type: 'apply.completed', data: { n: 1, commit } },
      { type: 'apply.blocked', data: { n: 1, failure: someFailure } },
    ]);
    const proposal = {
      n: 1,
      step: 'draft',
      status: { is: 'open' },
      versions: [proposalVersion()],
      createdAtMs: 0,
    } as const;
    const view = timelineOf(runState({ proposals: new Map([[1, proposal]]) }), records);
    expect(view.marks.map(({ label, step }) => [label, step])).toEqual([
      ['Approved by Ada', 'draft'],
      ['Approved by policy (drafts)', 'draft'],
      ['Committed as cccccccc', 'draft'],
      ['Not committed: No answer.', 'draft'],
    ]);
  });
});

describe('isOffline', () => {
  it.each([
    ['offline', true],
    ['Offline (extractive)', true],
    ['gpt-5-mini', false],
    ['offliner', false],
  ])('of %s is %s', (model, expected) => expect(isOffline(model)).toBe(expected));
});
