import { describe, expect, it } from 'vitest';
import { RunFold } from './fold.ts';
import type { Folding } from './folding.ts';
import { begun, post, postExpanded } from './sent-effect.fixture.ts';
import { keepState, snapshotVersion } from './snapshot.ts';
import { proposalVersion, recorded, someFailure, startOf } from '../../test/fixtures/recorded-run.ts';
import type { RunEvent } from '../contracts/journal.ts';
import { noCost } from '../contracts/proposal.ts';
import type { Step } from '../contracts/workflow.ts';

const run = '20261120-letters-abcd';
const base = { timeoutMs: 60_000, maxAttempts: 3 };
const agentWith = { objective: '', read: [], recall: [], fetch: [], sections: [] };

function agent(id: string, ...needs: string[]): Step {
  return {
    ...base,
    kind: 'agent',
    id,
    name: id,
    needs,
    agent: 'executor',
    with: agentWith,
    writes: ['a.md'],
  };
}

/** list → letters (write, in each) → approve, and an effect beside them */
const steps: readonly Step[] = [
  agent('list'),
  {
    ...base,
    kind: 'map',
    id: 'letters',
    name: 'Letters',
    needs: ['list'],
    over: { list: [] },
    atOnce: 4,
    steps: [agent('write')],
  },
  { ...base, kind: 'gate', id: 'approve', name: 'Approve', needs: ['letters'], question: 'Good?' },
  post,
];

const slot = { n: 1, version: 1 };
const sources = [{ id: 'a', title: 'A', uri: 'inbox/a.md', untrusted: true }];
const started = (step: string, attempt: number, proposal?: typeof slot): RunEvent => {
  return { type: 'step.started', step, attempt, data: { key: `${step}/${attempt}`, proposal } };
};
const completed = (step: string, attempt: number, proposal = {}): RunEvent => {
  const data = { input: { a: 1 }, output: { count: 1 }, cost: noCost, sources, ...proposal };
  return { type: 'step.completed', step, attempt, data };
};
const expanded = (attempt: number, items: number): RunEvent => {
  const parts = Array.from({ length: items }, (_, i) => ({ id: `letters.${i + 1}`, label: '', item: i }));
  return { type: 'step.expanded', step: 'letters', attempt, data: { input: {}, parts } };
};
const retried = (step: string, resets: string[]): RunEvent => {
  return { type: 'step.retried', step, attempt: 1, data: { by: 'Ada', resets, with: { objective: 'b' } } };
};

/** A map is expanded, begun anew with fewer items and then with more, so that parts go and come back. */
const events: readonly RunEvent[] = [
  startOf(steps),
  started('list', 1),
  {
    type: 'step.failed',
    step: 'list',
    attempt: 1,
    data: { failure: someFailure, cost: noCost, retryAtMs: 1 },
  },
  started('list', 2),
  completed('list', 2),
  started('letters', 1),
  expanded(1, 2),
  started('letters.1.write', 1),
  completed('letters.1.write', 1),
  started('letters.2.write', 1, slot),
  completed('letters.2.write', 1, { proposal: proposalVersion() }),
  retried('letters', ['list', 'letters', 'approve']),
  started('list', 3),
  completed('list', 3),
  started('letters', 2),
  expanded(2, 1),
  retried('letters', ['list', 'letters', 'approve']),
  started('list', 4),
  completed('list', 4),
  started('letters', 3),
  expanded(3, 2),
  started('letters.2.write', 2, { n: 2, version: 1 }),
  completed('letters.2.write', 2, { proposal: proposalVersion({ n: 2 }) }),
  { type: 'signal.received', data: { event: 'rain', text: 'It pours.', by: 'Ada' } },
  {
    type: 'budget.raised',
    data: { scope: 'run', unit: 'attempts', limit: 1, step: 'list', by: 1, who: 'Ada' },
  },
  started('letters.1.write', 2),
  completed('letters.1.write', 2),
  started('approve', 1),
  { type: 'gate.opened', step: 'approve', attempt: 1, data: { question: 'Good?', proposals: [slot] } },
  ...postExpanded,
  ...begun(3, 'a'),
  completed('post.deliver', 3, { output: { receipt: { id: 9 } } }),
  retried('post.compose', ['post', 'post.compose', 'post.approve', 'post.deliver']),
  ...postExpanded,
  ...begun(4, 'b'),
];
const records = recorded(events).map((record, place) => (place === 13 ? { ...record, order: 'o' } : record));

function foldTo(at: number): RunFold {
  return new RunFold(run, records.slice(0, at));
}

function stateOf({ state }: RunFold): Folding {
  if (!state) throw new Error('The run has not started');
  return state;
}

/** All of a state that a snapshot has to hold, orders included. */
function allOf(state: Folding) {
  return { state, steps: state.steps.index(), proposals: state.proposals.index() };
}

/** The names in a value, each with those that it is in; what differs from place to place stands once. */
function namesIn(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((one: unknown) => namesIn(one, path));
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.entries(value).flatMap(([name, one]) => [
    `${path}${name}`,
    ...(opaque.has(name) ? [] : namesIn(one, `${path}${name}.`)),
  ]);
  return [...new Set(inner)];
}

/** What has a form of its own, or none. */
const opaque = new Set([
  'definition',
  'inputs',
  'step',
  'cost',
  'failure',
  'input',
  'output',
  'edits',
  'versions',
  'effect',
  'with',
  'receipt',
]);

describe('a snapshot', () => {
  it('after any record leads to the same state, with all that is known beside it', () => {
    const whole = allOf(stateOf(foldTo(records.length)));
    const { delivered, doubts, obeyed, raised, signals, gates, tainted } = whole.state;
    const sizes = [delivered, doubts, obeyed, raised, signals, gates, whole.steps.former, whole.steps.parts];
    expect(sizes.map((one) => ('size' in one ? one.size : one.length))).not.toContain(0);
    expect(tainted).toBe(true);
    for (let at = 1; at <= records.length; at += 1) {
      const snapshot = foldTo(at).keep();
      const fold = new RunFold(run);
      expect(snapshot && fold.restore(snapshot)).toBe(true);
      expect(allOf(stateOf(fold))).toEqual(allOf(stateOf(foldTo(at))));
      for (const record of records.slice(at)) fold.apply(record);
      expect(allOf(stateOf(fold))).toEqual(whole);
    }
  });

  it('is not changed by what is folded after it was made', () => {
    const fold = foldTo(9);
    const snapshot = keepState(stateOf(fold));
    for (const record of records.slice(9)) fold.apply(record);
    const again = new RunFold(run);
    expect(again.restore(snapshot)).toBe(true);
    expect(allOf(stateOf(again))).toEqual(allOf(stateOf(foldTo(9))));
  });

  it('has these names: when they change, or what the fold comes to, count snapshotVersion up', () => {
    const { texts } = keepState(stateOf(foldTo(records.length)));
    const names = texts.flatMap((text) => namesIn(JSON.parse(text())));
    expect({ snapshotVersion, names: [...new Set(names)].toSorted() }).toMatchInlineSnapshot(`
      {
        "names": [
          "attempts",
          "attempts.cost",
          "attempts.endedAtMs",
          "attempts.failure",
          "attempts.key",
          "attempts.number",
          "attempts.slot",
          "attempts.slot.n",
          "attempts.slot.version",
          "attempts.startedAtMs",
          "attemptsBefore",
          "createdAtMs",
          "edits",
          "feedback",
          "id",
          "maps",
          "maps.delivered",
          "maps.delivered.atMs",
          "maps.delivered.attempt",
          "maps.delivered.commit",
          "maps.delivered.effect",
          "maps.delivered.key",
          "maps.delivered.path",
          "maps.delivered.receipt",
          "maps.delivered.step",
          "maps.delivered.with",
          "maps.doubts",
          "maps.doubts.atMs",
          "maps.doubts.attempt",
          "maps.doubts.commit",
          "maps.doubts.effect",
          "maps.doubts.key",
          "maps.doubts.path",
          "maps.doubts.step",
          "maps.doubts.with",
          "maps.gates",
          "maps.gates.openedAtMs",
          "maps.gates.proposals",
          "maps.gates.question",
          "maps.gates.reminders",
          "maps.raised",
          "maps.signals",
          "maps.signals.atMs",
          "maps.signals.by",
          "maps.signals.text",
          "n",
          "parts",
          "parts.id",
          "parts.item",
          "parts.label",
          "plain",
          "plain.after",
          "plain.at",
          "plain.attempts",
          "plain.by",
          "plain.cost",
          "plain.definition",
          "plain.definitionHash",
          "plain.id",
          "plain.inputs",
          "plain.model",
          "plain.nextProposal",
          "plain.outside",
          "plain.startedAtMs",
          "plain.status",
          "plain.status.is",
          "plain.tainted",
          "plain.trigger",
          "plain.updatedAtMs",
          "proposals",
          "proposals.classes",
          "proposals.keys",
          "sentBack",
          "sets",
          "sets.obeyed",
          "status",
          "status.commit",
          "status.decision",
          "status.decision.by",
          "status.decision.commit",
          "status.decision.n",
          "status.decision.verdict",
          "status.decision.version",
          "status.decision.who",
          "status.for",
          "status.is",
          "status.result",
          "status.result.input",
          "status.result.output",
          "status.result.proposal",
          "status.result.sources",
          "status.result.sources.id",
          "status.result.sources.title",
          "status.result.sources.untrusted",
          "status.result.sources.uri",
          "status.why",
          "step",
          "steps",
          "steps.classes",
          "steps.dependents",
          "steps.former",
          "steps.former.cost",
          "steps.former.endedAtMs",
          "steps.former.key",
          "steps.former.number",
          "steps.former.slot",
          "steps.former.slot.n",
          "steps.former.slot.version",
          "steps.former.startedAtMs",
          "steps.keys",
          "steps.parts",
          "steps.ready",
          "steps.unmet",
          "version",
          "versions",
        ],
        "snapshotVersion": 1,
      }
    `);
  });

  it('of another version, or of another run, is not gone on from', () => {
    const { at, texts } = keepState(stateOf(foldTo(records.length)));
    const [whole = () => '', ...others] = texts;
    const newer = whole().replace(`"version":${snapshotVersion}`, `"version":${snapshotVersion + 1}`);
    expect(newer).not.toBe(whole());
    const fold = new RunFold(run);
    expect(fold.restore({ at, texts: [() => newer, ...others] })).toBe(false);
    expect(fold.state).toBeUndefined();
    expect(new RunFold('20261120-letters-other').restore({ at, texts })).toBe(false);
  });

  it('has a text read when somebody asks for its value, once, and not before', () => {
    const { at, texts } = keepState(stateOf(foldTo(records.length)));
    const read: number[] = [];
    const watched = texts.map((text, place) => () => {
      read.push(place);
      return text();
    });
    const fold = new RunFold(run);
    fold.restore({ at, texts: watched });
    const { steps } = stateOf(fold);
    expect([...steps.in('waiting'), steps.size, [...steps.keys()][1]]).toEqual(['approve', 9, 'letters']);
    expect(read).toEqual([0]);
    expect(steps.get('approve')?.status.is).toBe('waiting');
    expect(steps.get('approve')?.status.is).toBe('waiting');
    expect(read).toEqual([0, 3]);
    expect([...steps.values()].map(({ id }) => id)).toEqual([...steps.keys()]);
    expect(read).toEqual([0, 3, 1, 2, 4, 5, 6, 7, 8, 9]);
  });
});
