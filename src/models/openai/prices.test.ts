import { expect, test } from 'vitest';
import { costUsd } from './prices.ts';

const million = { tokensIn: 1_000_000, tokensCached: 0, tokensOut: 1_000_000 };

test('a dated version and a router’s prefix cost what the model costs', () => {
  expect(costUsd('gpt-5-mini', million)).toBeCloseTo(2.25);
  expect(costUsd('gpt-5-mini-2025-08-07', million)).toBeCloseTo(2.25);
  expect(costUsd('openai/gpt-5-mini', million)).toBeCloseTo(2.25);
});

test('a model’s name is not taken for a longer or a shorter one', () => {
  expect(costUsd('gpt-5-nano', million)).toBeLessThan(costUsd('gpt-5', million));
  expect(costUsd('gpt-5-pro', million)).toBe(0);
});

test('cached input is cheaper, and never more than all input', () => {
  expect(costUsd('gpt-5', { tokensIn: 1_000_000, tokensCached: 1_000_000, tokensOut: 0 })).toBeCloseTo(0.125);
  expect(costUsd('gpt-5', { tokensIn: 0, tokensCached: 5, tokensOut: 0 })).toBe(0);
});

test('an unknown model costs nothing that we know of', () => {
  expect(costUsd('llama3.2', million)).toBe(0);
});
