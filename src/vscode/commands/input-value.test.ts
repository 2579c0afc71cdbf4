import { describe, expect, it } from 'vitest';
import { inputChoices, inputComplaint, inputValue } from './input-value.ts';

describe('a workflow’s inputs', () => {
  it('need a value only where there is no default', () => {
    expect(inputComplaint('', { type: 'text' })).toBe('A value is needed.');
    expect(inputComplaint('', { type: 'text', default: 'x' })).toBeUndefined();
  });

  it('are numbers where numbers are asked for', () => {
    expect(inputComplaint('three', { type: 'number' })).toBe('Write a number.');
    expect(inputValue('3.5', { type: 'number' })).toBe(3.5);
  });

  it('leave the default alone when nothing is written', () => {
    expect(inputValue('  ', { type: 'text', default: 'x' })).toBeUndefined();
  });

  it('are chosen where there is a choice', () => {
    expect(inputChoices({ type: 'boolean' })).toEqual(['true', 'false']);
    expect(inputValue('false', { type: 'boolean' })).toBe(false);
    expect(inputChoices({ type: 'text', options: ['a', 'b'] })).toEqual(['a', 'b']);
    expect(inputChoices({ type: 'text' })).toBeUndefined();
  });
});
