import { expect, it } from 'vitest';
import { timelineFromWebview } from './timeline.ts';

it.each([
  [{ type: 'answer', step: 'ask', choice: 'a' }, true],
  [{ type: 'answer', step: 'letters.200.ask', choice: '' }, true],
  [{ type: 'answer', step: 'ask' }, false],
  [{ type: 'answer', step: 'ask', choice: 1 }, false],
  [{ type: 'answer', step: 'ask', choice: 'a', run: 'another' }, false],
  [{ type: 'answer', step: 'x'.repeat(401), choice: 'a' }, false],
  [{ type: 'signal', event: 'rain' }, true],
  [{ type: 'signal', event: 'rain', text: 'It pours' }, false],
  [{ type: 'signal' }, false],
])('the host takes %j: %s', (message, taken) => {
  expect(timelineFromWebview.safeParse(message).success).toBe(taken);
});
