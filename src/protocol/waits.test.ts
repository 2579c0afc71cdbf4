import { describe, expect, it } from 'vitest';
import { isDue, statusLine, waitText } from './waits.ts';
import type { StepWait } from './waits.ts';

const nowMs = new Date(2026, 10, 24, 12, 0).getTime();
const at = (hour: number, minute = 0) => new Date(2026, 10, 24, hour, minute).getTime();
const question = { for: 'answer', question: 'a?', options: ['a', 'b'] } as const;

describe('what a step waits for, in words', () => {
  it.each<[StepWait, string]>([
    [{ for: 'time', untilMs: at(14, 5) }, 'waits until 14:05'],
    [{ for: 'retry', untilMs: at(12) + 9_000 }, 'waits until 12:00:09 to try again'],
    [{ for: 'event', event: 'rain' }, 'waits for “rain”'],
    [
      { for: 'event', event: 'rain', untilMs: at(13) },
      'waits for “rain”, until 13:00 at the latest, then it fails',
    ],
    [question, 'waits for your answer'],
    [
      { ...question, untilMs: at(13), otherwise: 'b' },
      'waits for your answer, until 13:00 at the latest, then “b”',
    ],
    [{ for: 'decision', question: '' }, 'waits for your decision'],
    [
      { for: 'decision', question: '', untilMs: at(13), otherwise: 'reject' },
      'waits for your decision, until 13:00 at the latest, then it is rejected',
    ],
  ])('%j', (wait, text) => expect(waitText(wait, nowMs)).toBe(text));
});

it('a run is due when its time has come, and one without a time never', () => {
  expect([{ wakesAtMs: nowMs }, { wakesAtMs: nowMs + 1 }, {}].map((run) => isDue(run, nowMs))).toEqual([
    true,
    false,
    false,
  ]);
});

it('the state of a run that waits for a time alone tells it as clocks show it here', () => {
  const wait = { step: 's', name: 'S', wait: { for: 'time', untilMs: at(14, 5) } } as const;
  const view = { status: 'waiting', statusText: 'Waits for UTC', waits: [wait] };
  expect(statusLine(view, nowMs)).toBe('Waits until 14:05');
  expect(statusLine({ ...view, status: 'running', statusText: 'Running' }, nowMs)).toBe('Running');
  expect(statusLine({ ...view, waits: [{ ...wait, wait: question }] }, nowMs)).toBe('Waits for UTC');
});
