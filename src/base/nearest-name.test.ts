import { expect, test } from 'vitest';
import { nearestName } from './nearest-name.ts';

test.each([
  ['reserch', 'research'],
  ['agnet', 'agent'],
  ['DRAFT', 'draft'],
  ['publsih', 'publish'],
])('“%s” was meant to be “%s”', (written, meant) => {
  expect(nearestName(written, ['draft', 'agent', 'research', 'publish'])).toBe(meant);
});

test('what resembles no name has none', () => {
  expect(nearestName('banana', ['draft', 'agent', 'research'])).toBeUndefined();
  expect(nearestName('x', [])).toBeUndefined();
});

test('the nearer of two wins, the first of two equally near', () => {
  expect(nearestName('drafts', ['crafts', 'draft'])).toBe('crafts');
  expect(nearestName('draf', ['drab', 'draft'])).toBe('drab');
});
