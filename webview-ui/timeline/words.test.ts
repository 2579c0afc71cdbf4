import { expect, it } from 'vitest';
import { runSignOf, signOf } from './words.ts';
import type { TimelineView } from '../../src/protocol/timeline.ts';
import type { StepWait } from '../../src/protocol/waits.ts';

const untilMs = new Date(2026, 11, 1, 9, 0).getTime();

it.each<[StepWait, string, string]>([
  [{ for: 'decision', question: 'Good?' }, 'bell', 'Waits for your decision'],
  [{ for: 'answer', question: 'a?', options: ['a', 'b'] }, 'question', 'Waits for your answer'],
  [{ for: 'event', event: 'rain' }, 'broadcast', 'Waits for “rain”'],
  [{ for: 'time', untilMs }, 'watch', 'Waits until 2026-12-01 09:00'],
])('a bar that waits says what for: %j', (wait, icon, label) => {
  expect(signOf({ status: 'waiting', wait }, 0)).toEqual({ icon, label });
});

it('a bar that does not wait is called by its status', () => {
  expect(signOf({ status: 'running' }, 0).label).toBe('Running');
  expect(signOf({ status: 'retrying', wait: { for: 'retry', untilMs } }, 0).label).toBe('Waits to try again');
});

it('a waiting run looks like what it waits for first', () => {
  const waits = [{ step: 's', name: 'S', wait: { for: 'time', untilMs } }];
  const view = { status: 'waiting', waits } as unknown as TimelineView;
  expect(runSignOf(view).icon).toBe('watch');
  expect(runSignOf({ ...view, status: 'running' }).icon).toBe('sync');
});
