import { describe, expect, test } from 'vitest';
import { performWait } from './perform-wait.ts';
import { runState, stepState } from '../../test/fixtures/recorded-run.ts';
import type { Json } from '../base/json.ts';
import type { RunState } from '../contracts/run.ts';
import type { WaitFor, WaitStep } from '../contracts/workflow.ts';

const nowMs = Date.parse('2026-11-24T12:00:00Z');

function waitFor(wanted: Exclude<WaitFor, { is: 'occurrence' }>, state: RunState = runState()) {
  const step: WaitStep = {
    kind: 'wait',
    id: 'w',
    name: 'W',
    needs: [],
    timeoutMs: 1,
    maxAttempts: 1,
    line: 7,
    for: wanted,
  };
  const attempt = { number: 1, key: 'k', startedAtMs: nowMs, cost: state.cost };
  const task = { state, step, attempt, resumed: false, expectOurs: () => undefined };
  const outcome = performWait(task, wanted, nowMs);
  if (outcome.is !== 'waiting') throw new Error(`It is ${outcome.is}`);
  return outcome.wait;
}

/** When a moment is, as the clock of London would show it in winter. */
function until(text: string, timezone?: string): string {
  const wait = waitFor({ is: 'moment', until: text, timezone });
  return new Date(wait.for === 'time' ? wait.untilMs : 0).toISOString();
}

describe('a moment', () => {
  test.each([
    ['2026-12-01T09:00', undefined, '2026-12-01T09:00:00.000Z'],
    ['2026-12-01 09:00', undefined, '2026-12-01T09:00:00.000Z'],
    ['2026-12-01T09:00', 'Europe/Berlin', '2026-12-01T08:00:00.000Z'],
    ['2026-12-01T09:00', 'America/New_York', '2026-12-01T14:00:00.000Z'],
    ['2026-12-01T09:00+02:00', 'America/New_York', '2026-12-01T07:00:00.000Z'],
    ['2026-12-01T09:00Z', undefined, '2026-12-01T09:00:00.000Z'],
    ['0 9 * * 1', undefined, '2026-11-30T09:00:00.000Z'],
    ['0 9 * * 1', 'America/New_York', '2026-11-30T14:00:00.000Z'],
  ])('%s in %s', (text, timezone, iso) => expect(until(text, timezone)).toBe(iso));

  test('in summer is an hour earlier where clocks are put forward', () => {
    expect(until('2027-07-01T09:00', 'Europe/Berlin')).toBe('2027-07-01T07:00:00.000Z');
  });

  test('that the clocks leave out comes once, right after', () => {
    expect(until('2027-03-28T02:30', 'Europe/Berlin')).toBe('2027-03-28T01:30:00.000Z');
  });

  test('that the clocks show twice is the first of both', () => {
    expect(until('2027-10-31T02:30', 'Europe/Berlin')).toBe('2027-10-31T00:30:00.000Z');
  });

  test.each(['2020-01-01T09:00', '2020-01-01T09:00Z'])(
    'that has passed is waited for no longer (%s)',
    (text) => {
      expect(Date.parse(until(text))).toBeLessThanOrEqual(nowMs);
    },
  );

  test('may be an answer of a step before', () => {
    const result = { input: {}, output: { day: '2026-12-24' } as Json, sources: [] };
    const steps = new Map([['draft', stepState('draft', { status: { is: 'succeeded', result } })]]);
    const wait = waitFor({ is: 'moment', until: '{{ steps.draft.day }}T08:00' }, runState({ steps }));
    expect(wait).toEqual({ for: 'time', untilMs: Date.parse('2026-12-24T08:00Z') });
  });

  test.each([
    ['tomorrow', undefined],
    ['2026-12-01', undefined],
    ['2026-13-01T09:00', undefined],
    ['2026-02-30T09:00', undefined],
    ['2027-02-29 09:00', 'Europe/Berlin'],
    ['2026-04-31T09:00Z', undefined],
    ['61 * * * *', undefined],
    ['', undefined],
    ['2026-12-01T09:00', 'Mars/Olympus'],
    ['0 0 30 2 *', undefined],
  ])('“%s” in %s is refused with its line and an example', (text, timezone) => {
    const refusal = () => until(text, timezone);
    const at = { file: '.cairn/workflows/loop.yaml', line: 7 };
    const failure = expect.objectContaining({ code: 'definition.invalid', retry: 'operator', at });
    expect(refusal).toThrow(expect.objectContaining({ failure }));
  });
});

test('a length of time is counted from now', () => {
  expect(waitFor({ is: 'time', ms: 5_000 })).toEqual({ for: 'time', untilMs: nowMs + 5_000 });
});

test('a question may name what came before, and its limit is counted from now', () => {
  const state = runState({ inputs: { who: 'Ada' } });
  const wanted = { is: 'answer', question: 'Ask {{ inputs.who }}?', options: ['yes', 'no'] } as const;
  expect(waitFor({ ...wanted, withinMs: 1_000, otherwise: 'no' }, state)).toEqual({
    for: 'answer',
    question: 'Ask Ada?',
    options: ['yes', 'no'],
    untilMs: nowMs + 1_000,
    otherwise: 'no',
  });
});

test('an event without a limit is waited for as long as it takes', () => {
  expect(waitFor({ is: 'event', event: 'rain' })).toEqual({ for: 'event', event: 'rain' });
});
