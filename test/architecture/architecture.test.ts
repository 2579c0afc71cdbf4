import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import {
  prefixedInterfaces,
  shellStrings,
  skippedTests,
  unfitNames,
  unwantedConstructs,
} from './constructs.ts';
import { type Break, brokenFloors, importCycles, importsWithoutEnding, strayVscode } from './house.ts';
import { largeDistribution, longFiles, longFunctions, longParameterLists } from './sizes.ts';
import { type Source, readSources } from './source.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const product = await readSources(root, ['src', 'webview-ui']);
const all = [...product, ...(await readSources(root, ['test', 'scripts']))];

const rules: readonly (readonly [string, (source: Source) => Break[]])[] = [
  ['imports go down the floors only', brokenFloors],
  ['vscode is imported in src/vscode alone', strayVscode],
  ['imports name the file with its ending', importsWithoutEnding],
  ['no file is too long', longFiles],
  ['no function is too long', longFunctions],
  ['no function takes too many parameters', longParameterLists],
  ['the constructs that the house does without are absent', unwantedConstructs],
  ['no shell reads a command', shellStrings],
  ['no test is skipped', skippedTests],
  ['files are named for what they hold', unfitNames],
  ['interfaces have no prefix', prefixedInterfaces],
];

describe('the house', () => {
  test('is read: the product and its tests', () => {
    expect(product.length).toBeGreaterThan(20);
    expect(all.length).toBeGreaterThan(product.length);
  });

  test.each(rules)('%s', (_title, rule) => {
    expect(all.flatMap(rule)).toEqual([]);
  });

  test('imports never go in a circle', () => {
    expect(importCycles(all)).toEqual([]);
  });

  test('most files are small', () => {
    expect(largeDistribution(product)).toEqual([]);
  });
});
