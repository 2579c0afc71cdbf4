import { expect, test } from 'vitest';
import { chosen } from './ask-choice.ts';

test.each([
  ['1', 'now'],
  ['2', '1'],
  ['NOW', 'now'],
  ['3', undefined],
  ['0', undefined],
  ['', undefined],
  ['no', undefined],
])('of the options, “%s” means %s', (typed, option) => {
  expect(chosen(['now', 'later'], typed)).toBe(option === '1' ? 'later' : option);
});

test('the words of an option come before its number', () => {
  expect(chosen(['2', '1'], '1')).toBe('1');
});
