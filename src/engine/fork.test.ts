import { describe, expect, it } from 'vitest';
import { checkpointOf, planFork, takenOver } from './fork.ts';
import { RunFold } from './fold.ts';
import type { JsonObject } from '../base/json.ts';
import type { RunEvent } from '../contracts/journal.ts';
import { noCost } from '../contracts/proposal.ts';
import type { Definition } from '../contracts/run.ts';
import type { Step } from '../contracts/workflow.ts';
import {
  loopSteps,
  proposalVersion,
  recorded,
  runState,
  someFailure,
} from '../../test/fixtures/recorded-run.ts';
import { toJson } from '../base/json.ts';

const { definition } = runState();
const cost = { ...noCost, usd: 0.5, tokensIn: 100 };

const started = (inputs: JsonObject = {}, change: Partial<Definition> = {}): RunEvent => ({
  type: 'run.started',
  data: {
    workflow: 'loop',
    definition: toJson({ ...definition, ...change }),
    definitionHash: '',
    inputs: { ...inputs },
    trigger: 'manual',
    by: 'Ada',
    model: 'none',
  },
});
const begins = (step: string, attempt = 1, n?: number): RunEvent => ({
  type: 'step.started',
  step,
  attempt,
  data: { key: `r/${step}/${attempt}`, ...(n ? { proposal: { n, version: attempt } } : {}) },
});
const ends = (step: string, attempt = 1, proposal?: ReturnType<typeof proposalVersion>): RunEvent => ({
  type: 'step.completed',
  step,
  attempt,
  data: { input: {}, output: { by: step }, cost, sources: [], ...(proposal ? { proposal } : {}) },
});
const decides = (verdict: 'approve' | 'reject' | 'changes'): RunEvent => ({
  type: 'decision.made',
  data: { n: 1, version: 1, commit: 'a'.repeat(40), verdict, by: 'operator', who: 'Ada' },
});
const opens: RunEvent = {
  type: 'gate.opened',
  step: 'approve',
  attempt: 1,
  data: { question: '?', proposals: [{ n: 1, version: 1 }] },
};
const commit = 'c'.repeat(40);
const applied: RunEvent[] = [
  {
    type: 'apply.started',
    data: { n: 1, commit, head: 'b'.repeat(40), branch: 'refs/heads/main', paths: [] },
  },
  { type: 'apply.completed', data: { n: 1, commit } },
];
const drafted = [begins('draft', 1, 1), ends('draft', 1, proposalVersion())];
const checked = [...drafted, begins('check'), ends('check')];
const stopped: RunEvent = { type: 'run.stopped', data: { why: 'Enough.', by: 'Ada' } };

/** A run of the loop whose draft was checked, forked behind that on another definition, or with other inputs. */
function plan(change: Partial<Definition> = {}, inputs: JsonObject = { tone: 'plain' }) {
  const records = recorded([started({ tone: 'plain' }), ...checked]);
  const target = { definition: { ...definition, ...change }, inputs };
  const { kept, anew, gone } = planFork(checkpointOf('r', records, records.length), target);
  return { kept, gone, anew: Object.fromEntries(anew.map(({ step, why }) => [step, why])) };
}

const withSteps = (change: (steps: readonly Step[]) => readonly Step[]): Partial<Definition> => ({
  workflow: { ...definition.workflow, steps: change(definition.workflow.steps) },
});
const changing = (id: string, change: object) =>
  withSteps((steps) => steps.map((step) => (step.id === id ? { ...step, ...change } : step)));
const changingAgent = (id: string, change: object): Partial<Definition> => ({
  agents: definition.agents.map((agent) => (agent.id === id ? { ...agent, ...change } : agent)),
});

describe('the steps that a fork keeps', () => {
  it('are those that were done, on the same definition', () => {
    expect(plan()).toEqual({ kept: ['draft', 'check'], gone: [], anew: { approve: 'it was not done' } });
  });

  it.each<[string, Partial<Definition>]>([
    ['a line', changing('draft', { line: 99 })],
    ['a name', changing('draft', { name: 'Write' })],
    ['a time limit', changing('draft', { timeoutMs: 1, maxAttempts: 9 })],
    ['the name of an agent', changingAgent('executor', { name: 'Writer', description: 'Writes' })],
    ['the policy', { policy: { rules: [{ when: {}, then: 'deny', why: 'No.' }], budgets: {} } }],
  ])('keep their results when only %s has changed', (_what, change) => {
    expect(plan(change).kept).toEqual(['draft', 'check']);
  });

  it.each<[string, Partial<Definition>, Record<string, string>]>([
    [
      'its objective',
      changing('draft', { with: { objective: 'Another', read: [], recall: [], fetch: [], sections: [] } }),
      { draft: 'its definition has changed', check: 'it needs “Draft”' },
    ],
    [
      'its agent',
      changingAgent('executor', { instructions: 'Be brief.' }),
      { draft: 'the agent “executor” has changed', check: 'it needs “Draft”' },
    ],
    [
      'its judge',
      changingAgent('qa', { instructions: 'Be strict.' }),
      { check: 'the agent “qa” has changed' },
    ],
    ['AGENTS.md', { rules: 'Be kind.' }, { draft: 'AGENTS.md has changed', check: 'AGENTS.md has changed' }],
    [
      'what may be written',
      { workflow: { ...definition.workflow, permissions: { write: ['notes/**'] } } },
      { draft: 'what may be written has changed', check: 'it needs “Draft”' },
    ],
  ])('are made anew with all that needs them when %s has changed', (_what, change, anew) => {
    expect(plan(change).anew).toMatchObject(anew);
    expect(plan(change).kept).toEqual(['draft', 'check'].filter((id) => !(id in anew)));
  });

  it('are made anew when a prompt has changed', () => {
    const agentWith = { objective: '', read: [], recall: [], fetch: [], sections: [], prompt: 'a.prompt.md' };
    const prompted = (text: string) => ({
      ...changing('draft', { with: agentWith }),
      prompts: { 'a.prompt.md': text },
    });
    const records = recorded([started({}, prompted('one')), ...checked]);
    const checkpoint = checkpointOf('r', records, records.length);
    const forkOn = (text: string) =>
      planFork(checkpoint, { definition: { ...definition, ...prompted(text) }, inputs: {} });
    expect(forkOn('one').kept).toEqual(['draft', 'check']);
    expect(forkOn('two').anew[0]).toEqual({ step: 'draft', why: 'the prompt “a.prompt.md” has changed' });
  });

  it('are made anew when an input that they could see has another value', () => {
    const { kept, anew } = plan({}, { tone: 'warm' });
    expect(kept).toEqual([]);
    expect(anew).toMatchObject({ draft: 'the input “tone” has changed' });
  });

  it('keep their results when there is an input more, which none of them can name', () => {
    expect(plan({}, { tone: 'plain', length: 3 }).kept).toEqual(['draft', 'check']);
  });

  it('lose what the workflow has none of any more, and gain what is new', () => {
    const change = withSteps((steps) => [
      ...steps
        .filter(({ id }) => id !== 'check')
        .map((step) => ({ ...step, needs: step.id === 'approve' ? ['polish'] : [] })),
      ...loopSteps.slice(0, 1).map((step) => ({ ...step, id: 'polish', name: 'Polish', needs: ['draft'] })),
    ]);
    expect(plan(change)).toMatchObject({
      kept: ['draft'],
      gone: ['check'],
      anew: { polish: 'it is new', approve: 'it was not done' },
    });
  });

  it('do not count what was rejected', () => {
    const rejected = [...checked, begins('approve'), opens, decides('reject')];
    const records = recorded([
      started(),
      ...rejected,
      { type: 'run.stopped', data: { why: '', by: 'operator' } },
    ]);
    const { kept, anew } = planFork(checkpointOf('r', records, records.length), { definition, inputs: {} });
    expect(kept).toEqual([]);
    expect(anew[0]).toEqual({ step: 'draft', why: 'its work was rejected' });
  });
});

describe('what a fork takes over', () => {
  const forked = (events: readonly RunEvent[], at = events.length + 1) => {
    const records = recorded([started(), ...events]);
    const checkpoint = checkpointOf('r', records, at);
    const plan = planFork(checkpoint, { definition, inputs: {} });
    const { kept } = plan;
    const copied = takenOver(records, checkpoint, plan);
    const { state } = new RunFold('fork', recorded([started(), ...copied]));
    return { kept, copied, state };
  };

  it('is what happened to the steps that are kept, at no cost', () => {
    const { state, copied } = forked([...checked, begins('approve'), opens]);
    expect(copied.map(({ type }) => type)).toEqual([
      'step.started',
      'step.completed',
      'step.started',
      'step.completed',
    ]);
    expect(state?.cost).toEqual(noCost);
    expect(state?.proposals.get(1)).toMatchObject({ status: { is: 'open' }, versions: [proposalVersion()] });
    expect(state?.steps.readyGates).toEqual(new Set(['approve']));
  });

  it('ends at the checkpoint', () => {
    expect(forked(checked, 3)).toMatchObject({ kept: ['draft'] });
  });

  it('leaves the end of the run out, and opens again what ended with it', () => {
    const { state } = forked([...checked, begins('approve'), opens, stopped]);
    expect(state?.status).toEqual({ is: 'running' });
    expect(state?.proposals.get(1)?.status.is).toBe('open');
  });

  it('has an approval only with its application: nobody has decided in the fork', () => {
    const approved = [...checked, begins('approve'), opens, decides('approve')];
    expect(forked(approved).state?.proposals.get(1)?.status.is).toBe('open');
    const { state } = forked([...approved, ...applied]);
    expect(state?.proposals.get(1)?.status).toMatchObject({ is: 'applied', commit });
  });

  it('keeps nothing of what was sent back and is not made again', () => {
    const sentBack: RunEvent = {
      type: 'step.sent-back',
      step: 'approve',
      attempt: 1,
      data: {
        to: 'draft',
        by: 'Ada',
        feedback: { from: 'operator', text: 'Shorter', findings: [] },
        resets: ['draft', 'check', 'approve'],
        cost,
      },
    };
    const back = [...checked, begins('approve'), opens, decides('changes')];
    expect(forked(back).kept).toEqual([]);
    expect(forked([...back, sentBack]).kept).toEqual([]);
    const second = proposalVersion({ version: 2, commit: 'd'.repeat(40) });
    const again = [...back, sentBack, begins('draft', 2, 1), ends('draft', 2, second)];
    const { kept, state } = forked(again);
    expect(kept).toEqual(['draft']);
    expect(state?.proposals.get(1)).toMatchObject({
      status: { is: 'open' },
      versions: [proposalVersion(), second],
    });
  });

  it('has every try of a step, so that the next one is counted on', () => {
    const failed: RunEvent = {
      type: 'step.failed',
      step: 'draft',
      attempt: 1,
      data: { failure: someFailure, cost, retryAtMs: 1 },
    };
    const { state } = forked([
      begins('draft', 1, 1),
      failed,
      begins('draft', 2, 1),
      ends('draft', 2, proposalVersion()),
    ]);
    expect(state?.steps.get('draft')?.attempts.map(({ number }) => number)).toEqual([1, 2]);
    expect(state?.cost).toEqual(noCost);
  });
});
