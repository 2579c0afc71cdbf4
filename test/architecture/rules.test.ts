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
import { type Source, parseSource } from './source.ts';

/** A rule that cannot fail holds nothing: each is shown a break, and the nearest thing that is none. */
interface Example {
  readonly rule: (source: Source) => Break[];
  readonly path: string;
  readonly text: string;
  /** What the break says; none for code that is fine. */
  readonly says?: string;
}

const imported = (rule: Example['rule'], path: string, specifier: string, says?: string): Example => ({
  rule,
  path,
  text: `\nimport { x } from '${specifier}';\n`,
  ...(says === undefined ? {} : { says }),
});

const floorExamples: readonly Example[] = [
  imported(brokenFloors, 'src/engine/fold.ts', '../contracts/run.ts'),
  imported(
    brokenFloors,
    'src/engine/fold.ts',
    '../memory/note.ts',
    'engine (floor 2) does not import memory (floor 2)',
  ),
  imported(brokenFloors, 'src/engine/fold.ts', 'node:fs', 'engine is pure: no node:fs'),
  imported(
    brokenFloors,
    'src/base/ids.ts',
    '../contracts/run.ts',
    'base (floor 0) does not import contracts (floor 1)',
  ),
  imported(brokenFloors, 'src/base/ids.ts', 'node:crypto', 'base is pure'),
  imported(brokenFloors, 'src/protocol/timeline.ts', '../contracts/run.ts'),
  imported(brokenFloors, 'src/workspace/git.ts', 'node:fs'),
  imported(
    brokenFloors,
    'src/workspace/git.ts',
    '../review/hunks.ts',
    'workspace (floor 3) does not import review',
  ),
  imported(
    brokenFloors,
    'src/workspace/git.ts',
    '../models/gateway.ts',
    'workspace (floor 3) does not import models',
  ),
  imported(brokenFloors, 'src/app/assemble.ts', '../workspace/git.ts'),
  imported(
    brokenFloors,
    'src/app/assemble.ts',
    '../cli/main.ts',
    'app (floor 4) does not import cli (floor 5)',
  ),
  imported(
    brokenFloors,
    'src/cli/main.ts',
    '../vscode/extension.ts',
    'cli (floor 5) does not import vscode (floor 5)',
  ),
  imported(
    brokenFloors,
    'src/cli/main.ts',
    '../../scripts/setup.mjs',
    'cli does not import scripts/setup.mjs',
  ),
  imported(brokenFloors, 'src/cli/main.ts', '../../package.json'),
  imported(brokenFloors, 'src/app/start-run.ts', '../../package.json', 'app does not import package.json'),
  imported(brokenFloors, 'src/shed/main.ts', 'zod', 'no room of the house is called "shed"'),
  imported(brokenFloors, 'webview-ui/timeline/main.tsx', '../../src/protocol/timeline.ts'),
  imported(
    brokenFloors,
    'webview-ui/timeline/main.tsx',
    '../../src/base/ids.ts',
    'webview-ui imports src/protocol alone',
  ),
  imported(brokenFloors, 'webview-ui/timeline/main.tsx', 'node:path', 'a webview has no node:path'),
  imported(brokenFloors, 'src/engine/fold.test.ts', 'node:fs'),
  imported(brokenFloors, 'src/engine/fold.ts', './run.fixture.ts', 'which is not shipped'),
  imported(strayVscode, 'src/app/assemble.ts', 'vscode', '"vscode" is imported in src/vscode alone'),
  imported(strayVscode, 'src/vscode/extension.ts', 'vscode'),
  imported(importsWithoutEnding, 'src/app/assemble.ts', './start-run', "lacks the file's ending"),
  imported(importsWithoutEnding, 'src/app/assemble.ts', './start-run.ts'),
  { rule: brokenFloors, path: 'src/engine/a.ts', text: "\nvoid import('node:fs');", says: 'engine is pure' },
  {
    rule: brokenFloors,
    path: 'src/engine/a.ts',
    text: "\ntype A = import('node:fs').Stats;",
    says: 'engine is pure',
  },
  {
    rule: brokenFloors,
    path: 'src/engine/a.ts',
    text: "\nexport { a } from '../app/a.ts';",
    says: 'app (floor 4)',
  },
];

const repeated = (line: string, times: number) => line.repeat(times);

const sizeExamples: readonly Example[] = [
  { rule: longFiles, path: 'src/a.ts', text: repeated('void 0;\n', 401), says: 'the file has 401 lines' },
  { rule: longFiles, path: 'src/a.ts', text: repeated('void 0;\n', 400) },
  {
    rule: longFunctions,
    path: 'src/a.ts',
    text: `\nfunction f() {\n${repeated('f();\n', 69)}}`,
    says: '71 lines',
  },
  {
    rule: longFunctions,
    path: 'src/a.ts',
    text: `\nconst f = () => {\n${repeated('f();\n', 69)}}`,
    says: '71 lines',
  },
  {
    rule: longFunctions,
    path: 'src/a.ts',
    text: `\nclass A {\nm() {\n${repeated('f();\n', 69)}} }`,
    says: '71 lines',
  },
  { rule: longFunctions, path: 'src/a.ts', text: `\nfunction f() {\n${repeated('f();\n', 68)}}` },
  { rule: longFunctions, path: 'src/a.test.ts', text: `\nfunction f() {\n${repeated('f();\n', 90)}}` },
  {
    rule: longParameterLists,
    path: 'src/a.ts',
    text: '\nfunction f(a, b, c, d, e) {}',
    says: '5 parameters',
  },
  {
    rule: longParameterLists,
    path: 'src/a.ts',
    text: '\ninterface A { f(a: 1, b: 1, c: 1, d: 1, e: 1): void }',
    says: '5',
  },
  { rule: longParameterLists, path: 'src/a.ts', text: '\nfunction f(a, b, c, d) {}' },
];

const constructExamples: readonly Example[] = [
  { rule: unwantedConstructs, path: 'src/a.ts', text: '\nconst a: any = 1;', says: 'no `any`' },
  { rule: unwantedConstructs, path: 'src/a.ts', text: '\nconst a: unknown = "any";' },
  { rule: unwantedConstructs, path: 'src/a.ts', text: '\nenum A { b }', says: 'no enum' },
  {
    rule: unwantedConstructs,
    path: 'src/a.ts',
    text: '\nnamespace A { export const b = 1; }',
    says: 'no namespace',
  },
  { rule: unwantedConstructs, path: 'src/a.ts', text: "\ndeclare module 'vitest' {}" },
  {
    rule: unwantedConstructs,
    path: 'src/a.ts',
    text: '\nclass A { constructor(readonly b: 1) {} }',
    says: 'parameter property',
  },
  { rule: unwantedConstructs, path: 'src/a.ts', text: '\n@sealed class A {}', says: 'no decorators' },
  { rule: unwantedConstructs, path: 'src/a.ts', text: '\nexport default 1;', says: 'no default export' },
  { rule: unwantedConstructs, path: 'src/a.ts', text: "\nexport * from './b.ts';", says: 'no barrel' },
  { rule: unwantedConstructs, path: 'src/a.ts', text: "\nexport { b } from './b.ts';" },
  { rule: unwantedConstructs, path: 'src/a.ts', text: '\nfoo!.bar;', says: 'no `!`' },
  {
    rule: shellStrings,
    path: 'src/a.ts',
    text: "\nimport { exec } from 'node:child_process';",
    says: 'no exec',
  },
  { rule: shellStrings, path: 'src/a.ts', text: "\nspawn('git', [], { shell: true });", says: 'no shell' },
  { rule: shellStrings, path: 'src/a.ts', text: "\nspawn('git', [], { shell: false });" },
  { rule: skippedTests, path: 'src/a.test.ts', text: "\ntest.skip('a', () => {});", says: 'not skipped' },
  { rule: skippedTests, path: 'src/a.test.ts', text: "\ntest.each([1])('a', () => {});" },
  { rule: prefixedInterfaces, path: 'src/a.ts', text: '\ninterface IRun {}', says: 'no `I` prefix' },
  { rule: prefixedInterfaces, path: 'src/a.ts', text: '\ninterface Import {}' },
];

const nameExamples: readonly Example[] = [
  { rule: unfitNames, path: 'src/app/start-run.test.ts', text: '' },
  { rule: unfitNames, path: 'src/app/run.fixture.ts', text: '' },
  { rule: unfitNames, path: 'src/app/startRun.ts', text: '', says: '"startRun" is not kebab-case' },
  { rule: unfitNames, path: 'src/app/string-utils.ts', text: '', says: 'says nothing' },
  { rule: unfitNames, path: 'src/helpers/run.ts', text: '', says: 'says nothing' },
  { rule: unfitNames, path: 'src/app/run-manager.ts', text: '', says: 'says nothing' },
];

describe('each rule of the house', () => {
  const examples = [...floorExamples, ...sizeExamples, ...constructExamples, ...nameExamples];

  test.each(
    examples.map((example) => [example.rule.name, example.path, example.says ?? 'nothing', example] as const),
  )('%s, shown %s, says %s', (_rule, _path, _says, { rule, path, text, says }) => {
    const breaks = rule(parseSource(path, text));
    if (says === undefined) return expect(breaks).toEqual([]);
    expect(breaks).toEqual([expect.stringContaining(says)]);
    expect(breaks[0]).toMatch(new RegExp(`^${path}:\\d+: `));
  });

  test('a break names the line it is in', () => {
    const [found] = unwantedConstructs(parseSource('src/a.ts', 'const a = 1;\n\nconst b: any = 2;\n'));
    expect(found).toMatch(/^src\/a\.ts:3: /);
  });

  test('a circle of imports is found, a diamond is none', () => {
    const file = (name: string, ...needs: string[]) =>
      parseSource(`src/app/${name}.ts`, needs.map((need) => `import './${need}.ts';\n`).join(''));
    const diamond = [file('a', 'b', 'c'), file('b', 'd'), file('c', 'd'), file('d')];
    expect(importCycles(diamond)).toEqual([]);
    const circle = [file('a', 'b'), file('b', 'c'), file('c', 'a')];
    expect(importCycles(circle)).toEqual([
      expect.stringContaining('src/app/a.ts → src/app/b.ts → src/app/c.ts'),
    ]);
  });

  test('a house of large files is found by its median and its 90th percentile', () => {
    const files = (sizes: readonly number[]) =>
      sizes.map((size, at) => parseSource(`src/app/f${at}.ts`, 'void 0;\n'.repeat(size)));
    expect(largeDistribution(files([10, 20, 100, 250, 10, 10, 10, 10, 10, 400]))).toEqual([]);
    expect(largeDistribution(files([10, 101, 102]))).toEqual([expect.stringContaining('50 %')]);
    expect(largeDistribution(files([10, 10, 10, 10, 10, 10, 10, 10, 251, 251]))).toEqual([
      expect.stringContaining('90 %'),
    ]);
  });
});
