import type { Break } from './house.ts';
import { type Node, type Source, isNode, isTest, nodesOf } from './source.ts';

/** What the house does without, by the type of the syntax node. */
const unwanted: Readonly<Record<string, string>> = {
  TSAnyKeyword: 'no `any`: say what it is, or `unknown`',
  TSEnumDeclaration: 'no enum: a union of strings',
  TSModuleDeclaration: 'no namespace: a file is one',
  TSParameterProperty: 'no parameter property: declare the field',
  Decorator: 'no decorators',
  ExportDefaultDeclaration: 'no default export: names are the same everywhere',
  ExportAllDeclaration: 'no barrel: import from the file that has it',
  TSNonNullExpression: 'no `!`: handle the missing case',
};

const shellCalls = ['exec', 'execSync'];
const skips = ['skip', 'only', 'todo', 'skipIf', 'runIf', 'fails'];

export function unwantedConstructs(source: Source): Break[] {
  return breaksAt(source, (node) => (isModuleAugmentation(node) ? undefined : unwanted[node.type]));
}

/** `declare module 'vitest'` adds to a library's types and is no namespace. */
function isModuleAugmentation(node: Node): boolean {
  return node.type === 'TSModuleDeclaration' && isNode(node['id']) && node['id'].type === 'Literal';
}

/** No shell reads what Cairn starts: arguments are arrays. */
export function shellStrings(source: Source): Break[] {
  return breaksAt(source, (node) => {
    if (node.type === 'ImportSpecifier' && shellCalls.includes(nameOf(node['imported']) ?? '')) {
      return 'no exec: spawn or execFile with an array of arguments';
    }
    const isShell =
      node.type === 'Property' && nameOf(node['key']) === 'shell' && !isLiteral(node['value'], false);
    return isShell ? 'no shell: spawn the program itself' : undefined;
  });
}

/** A test that does not run proves nothing. */
export function skippedTests(source: Source): Break[] {
  if (!isTest(source.path)) return [];
  return breaksAt(source, (node) => {
    if (node.type !== 'MemberExpression' || !skips.includes(nameOf(node['property']) ?? '')) return undefined;
    const runner = nameOf(node['object']);
    return runner && ['test', 'it', 'describe'].includes(runner) ? 'tests are not skipped' : undefined;
  });
}

/** kebab-case, named for the noun, and never for a drawer of odds and ends. */
export function unfitNames(source: Source): Break[] {
  const parts = source.path.replace(/(\.test|\.fixture|\.d)?\.(ts|tsx|mts|mjs)$/, '').split('/');
  return parts.flatMap((part) => {
    if (/(^|-)(utils?|helpers?|managers?|misc|common)(-|$)/.test(part)) {
      return [`${source.path}:1: "${part}" says nothing of what is in it`];
    }
    return /^[a-z0-9]+(-[a-z0-9]+)*$/.test(part) ? [] : [`${source.path}:1: "${part}" is not kebab-case`];
  });
}

/** An interface is named for what it is; that it is one is no news. */
export function prefixedInterfaces(source: Source): Break[] {
  return breaksAt(source, (node) => {
    if (node.type !== 'TSInterfaceDeclaration') return undefined;
    return /^I[A-Z][a-z]/.test(nameOf(node['id']) ?? '') ? 'no `I` prefix' : undefined;
  });
}

function breaksAt(source: Source, rule: (node: Node) => string | undefined): Break[] {
  return [...nodesOf(source.program)].flatMap((node) => {
    const broken = rule(node);
    return broken === undefined ? [] : [`${source.path}:${source.lineOf(node.start)}: ${broken}`];
  });
}

function nameOf(value: unknown): string | undefined {
  if (!isNode(value)) return undefined;
  const name = value.type === 'Literal' ? value['value'] : value['name'];
  return typeof name === 'string' ? name : undefined;
}

function isLiteral(value: unknown, expected: unknown): boolean {
  return isNode(value) && value.type === 'Literal' && value['value'] === expected;
}
