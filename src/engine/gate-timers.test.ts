import { expect, test } from 'vitest';
import { RunFold } from './fold.ts';
import { gateTimers } from './gate-timers.ts';
import { wakesAtMs, staysUntilMs } from './wakes.ts';
import { atSecond, loopSteps, proposalVersion, recorded, startOf } from '../../test/fixtures/recorded-run.ts';
import type { RunEvent } from '../contracts/journal.ts';
import { noCost } from '../contracts/proposal.ts';
import type { GateOpening } from '../contracts/run.ts';
import type { Step } from '../contracts/workflow.ts';

const [draft, , approve] = loopSteps;
if (!draft || !approve) throw new Error('The loop has other steps');
const steps: readonly Step[] = [draft, { ...draft, id: 'other' }, { ...approve, needs: ['draft', 'other'] }];

const proposes = (step: string, n: number, tainted: boolean): RunEvent[] => [
  { type: 'step.started', step, attempt: 1, data: { key: step, proposal: { n, version: 1 } } },
  {
    type: 'step.completed',
    step,
    attempt: 1,
    data: { input: {}, output: {}, cost: noCost, sources: [], proposal: proposalVersion({ n, tainted }) },
  },
];

/** Two proposals at a gate that opened at second 6; the second one may rest on text from outside. */
function opened(
  times: Pick<GateOpening, 'remindEveryMs' | 'untilMs' | 'otherwise'>,
  tainted = false,
  ...events: RunEvent[]
) {
  const proposals = [
    { n: 1, version: 1 },
    { n: 2, version: 1 },
  ];
  const data = { question: '?', proposals, ...times };
  const { state } = new RunFold(
    'r',
    recorded([
      startOf(steps),
      ...proposes('draft', 1, false),
      ...proposes('other', 2, tainted),
      { type: 'step.started', step: 'approve', attempt: 1, data: { key: 'g' } },
      { type: 'gate.opened', step: 'approve', attempt: 1, data },
      ...events,
    ]),
  );
  if (!state) throw new Error('not started');
  return state;
}

const decided = (n: number): RunEvent => ({
  type: 'decision.made',
  data: { n, version: 1, commit: 'a'.repeat(40), verdict: 'approve', by: 'operator', who: 'Ada' },
});
const reminded: RunEvent = { type: 'gate.reminded', step: 'approve', attempt: 1, data: {} };
const untilMs = atSecond(100);

test('a gate without times does nothing by itself', () => {
  const state = opened({});
  expect(gateTimers(state, Infinity)).toEqual([]);
  expect(wakesAtMs(state)).toBeUndefined();
});

test('a gate reminds every so often, counted from when it last did', () => {
  const first = opened({ remindEveryMs: 10_000 });
  expect(wakesAtMs(first)).toBe(atSecond(16));
  expect(gateTimers(first, atSecond(16) - 1)).toEqual([]);
  expect(gateTimers(first, atSecond(16))).toMatchObject([{ type: 'gate.reminded', step: 'approve' }]);
  expect(wakesAtMs(opened({ remindEveryMs: 10_000 }, false, reminded))).toBe(atSecond(17));
});

test('a gate whose proposals are all decided neither reminds nor expires', () => {
  const state = opened({ remindEveryMs: 1, untilMs, otherwise: 'reject' }, false, decided(1), decided(2));
  expect(gateTimers(state, Infinity)).toEqual([]);
  expect(wakesAtMs(state)).toBeUndefined();
});

test.each(['approve', 'reject'] as const)(
  'by default it can %s what is still open, by policy',
  (otherwise) => {
    const state = opened({ untilMs, otherwise }, false, decided(1));
    expect(gateTimers(state, untilMs - 1)).toEqual([]);
    expect(gateTimers(state, untilMs)).toMatchObject([
      { type: 'decision.made', data: { n: 2, verdict: otherwise, by: 'policy' } },
    ]);
  },
);

test('P7: one proposal that rests on text from outside keeps all from being approved by default', () => {
  const state = opened({ untilMs, otherwise: 'approve' }, true);
  const [event, ...others] = gateTimers(state, untilMs);
  expect(others).toEqual([]);
  expect(event).toMatchObject({ type: 'step.failed', data: { failure: { code: 'wait.expired' } } });
  expect(JSON.stringify(event)).toContain('text from outside');
});

test('what rests on text from outside may be rejected by default', () => {
  expect(gateTimers(opened({ untilMs, otherwise: 'reject' }, true), untilMs)).toHaveLength(2);
});

test('a process stays for no gate, and looks at it again when it comes by', () => {
  const state = opened({ remindEveryMs: 200_000, untilMs });
  expect(wakesAtMs(state)).toBe(untilMs);
  expect(staysUntilMs(state, atSecond(6))).toBeUndefined();
});
