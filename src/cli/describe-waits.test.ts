import { expect, test } from 'vitest';
import { describeWaits, quoted } from './describe-waits.ts';
import type { StepWait } from '../protocol/waits.ts';

const told = (wait: StepWait) => describeWaits('r', [{ step: 's', name: 'S', wait }], 0);

test('each wait is told with the commands that bring it on', () => {
  expect(told({ for: 'answer', question: 'Which?', options: ['yes', 'not now'] })).toBe(
    [
      'S waits for your answer: Which? (yes / not now)',
      '  Answer: cairn answer r s yes',
      "  Answer: cairn answer r s 'not now'",
    ].join('\n'),
  );
  expect(told({ for: 'event', event: 'rain' })).toContain('cairn signal r rain');
  expect(told({ for: 'time', untilMs: 9 })).toContain('cairn resume r');
  expect(told({ for: 'decision', question: 'Go on?' })).toBe('');
});

test.each([
  ['plain-1.2', 'plain-1.2'],
  ['two words', "'two words'"],
  ["it's", `'it'\\''s'`],
  ['$(rm)', "'$(rm)'"],
  ['', "''"],
  ['a\nb', "'a\nb'"],
])('%j is one word for a shell', (text, word) => expect(quoted(text)).toBe(word));
