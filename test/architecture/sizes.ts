import type { Break } from './house.ts';
import { type Node, type Source, isTest, nodesOf } from './source.ts';

const mostLinesOfFile = 400;
const medianLines = 100;
const ninetiethLines = 250;
const mostLinesOfFunction = 70;
const mostParameters = 4;

const functions = ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'];
const signatures = [...functions, 'TSMethodSignature', 'TSDeclareFunction', 'TSEmptyBodyFunctionExpression'];

export function longFiles(source: Source): Break[] {
  if (source.lines <= mostLinesOfFile) return [];
  return [
    `${source.path}:${mostLinesOfFile}: the file has ${source.lines} lines, of at most ${mostLinesOfFile}`,
  ];
}

/** Most files are small: the median and the 90th percentile over what is not a test. */
export function largeDistribution(sources: readonly Source[]): Break[] {
  const lines = sources
    .filter(({ path }) => !isTest(path))
    .map((source) => source.lines)
    .sort((a, b) => a - b);
  return [...percentileBreak(lines, 0.5, medianLines), ...percentileBreak(lines, 0.9, ninetiethLines)];
}

/** A test's `describe` is a list of tests and no function in this sense. */
export function longFunctions(source: Source): Break[] {
  if (isTest(source.path)) return [];
  return [...nodesOf(source.program)].filter(isFunction).flatMap((node) => {
    const first = source.lineOf(node.start);
    const lines = source.lineOf(node.end - 1) - first + 1;
    if (lines <= mostLinesOfFunction) return [];
    return [`${source.path}:${first}: the function has ${lines} lines, of at most ${mostLinesOfFunction}`];
  });
}

export function longParameterLists(source: Source): Break[] {
  return [...nodesOf(source.program)].flatMap((node) => {
    if (!signatures.includes(node.type) || !Array.isArray(node['params'])) return [];
    const count = node['params'].length;
    if (count <= mostParameters) return [];
    const line = source.lineOf(node.start);
    return [`${source.path}:${line}: ${count} parameters; from the fifth on they go into an options object`];
  });
}

function isFunction(node: Node): boolean {
  return functions.includes(node.type);
}

function percentileBreak(sorted: readonly number[], share: number, atMost: number): Break[] {
  const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
  if (value <= atMost) return [];
  return [
    `src and webview-ui: ${share * 100} % of the files may have at most ${atMost} lines; it is ${value}`,
  ];
}
