import { expect, it } from 'vitest';
import { timelineFromWebview } from './timeline.ts';

it.each([
  [{ type: 'answer', step: 'ask', attempt: 1, choice: 'a' }, true],
  [{ type: 'answer', step: 'letters.200.ask', attempt: 2, choice: '' }, true],
  [{ type: 'answer', step: 'ask', attempt: 1 }, false],
  [{ type: 'answer', step: 'ask', choice: 'a' }, false],
  [{ type: 'answer', step: 'ask', attempt: 1, choice: 1 }, false],
  [{ type: 'answer', step: 'ask', attempt: 1, choice: 'a', run: 'another' }, false],
  [{ type: 'answer', step: 'x'.repeat(401), attempt: 1, choice: 'a' }, false],
  [{ type: 'signal', event: 'rain' }, true],
  [{ type: 'signal', event: 'rain', text: 'It pours' }, false],
  [{ type: 'signal' }, false],
])('the host takes %j: %s', (message, taken) => {
  expect(timelineFromWebview.safeParse(message).success).toBe(taken);
});
