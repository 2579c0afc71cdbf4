import { expect, test } from 'vitest';
import { IndexedMap } from './indexed-map.ts';

const parity = () => new IndexedMap<string, number, 'even' | 'odd'>((n) => (n % 2 === 0 ? 'even' : 'odd'));

test('a key is found under the class of its newest value alone', () => {
  const map = parity().set('a', 1).set('b', 3).set('a', 2);
  expect([...map.in('odd')]).toEqual(['b']);
  expect([...map.in('even')]).toEqual(['a']);
});

test('a value of the same class leaves the order as it was', () => {
  const map = parity().set('a', 1).set('b', 3).set('a', 5);
  expect([...map.in('odd')]).toEqual(['a', 'b']);
});

test('what is deleted or cleared is found under no class', () => {
  const map = parity().set('a', 1).set('b', 2).set('c', 3);
  map.delete('a');
  expect([...map.in('odd')]).toEqual(['c']);
  map.clear();
  expect([...map.in('odd'), ...map.in('even'), ...map]).toEqual([]);
});
