import { z } from 'zod';
import { isObject } from '../base/json.ts';
import { nearestName } from '../base/nearest-name.ts';

type RawIssue = z.core.$ZodRawIssue;
type Issue = z.core.$ZodIssue;

/** A schema's finding in a person's words: where, and what it says of it. */
export interface YamlIssue {
  readonly path: readonly PropertyKey[];
  /** Whether the key itself is at fault, not its value. */
  readonly part: 'key' | 'value';
  /** A sentence without its full stop. */
  readonly sentence: string;
}

/**
 * Words an issue as what follows the name of the value ("must be a number, not text"). It has to
 * happen while the schema runs: only then does an issue know the schema, and so the keys that exist.
 */
export function wordIssue(issue: RawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? 'is missing'
        : `must be ${typeName(issue.expected)}, ${got(issue.input)}`;
    case 'invalid_value':
      return oneOf(issue.values.map(String), issue.input);
    case 'unrecognized_keys':
      return unknownKeys(issue.keys, knownKeys(issue.inst));
    case 'invalid_union':
      return issue.discriminator === undefined ? alternatives(issue.errors ?? []) : wrongDiscriminator(issue);
    case 'too_small':
    case 'too_big':
      return size(issue);
    case 'invalid_format':
    case 'invalid_key':
    case 'invalid_element':
    case 'not_multiple_of':
    case 'custom':
      return undefined;
  }
}

/** Reads a finished issue, whose message {@link wordIssue} or the schema itself has written. */
export function readIssue(issue: Issue, above: readonly PropertyKey[]): YamlIssue {
  const path = [...above, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return {
      path: [...path, issue.keys[0] ?? ''],
      part: 'key',
      sentence: `${subject(path)} ${issue.message}`,
    };
  }
  if (issue.code === 'invalid_key') {
    const why = issue.issues[0]?.message ?? 'is not a usable name';
    return { path, part: 'key', sentence: `“${String(path.at(-1))}” is not a usable name: ${why}` };
  }
  if (issue.code === 'invalid_union') return readUnion(issue, path);
  if (issue.code === 'invalid_type' && issue.input === undefined) {
    const parent = path.slice(0, -1);
    return { path, part: 'value', sentence: `${subject(parent)} needs “${String(path.at(-1))}”` };
  }
  const joint = issue.code === 'custom' || issue.code === 'invalid_format' ? ': ' : ' ';
  return { path, part: 'value', sentence: `${subject(path)}${joint}${issue.message}` };
}

/** `steps.draft.check[0].words`; the whole file for the empty path. */
export function subject(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'The file';
  return path
    .map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i === 0 ? '' : '.'}${String(key)}`))
    .join('');
}

/** Of a union's branches, the one that fits furthest says best what is wrong. */
function readUnion(issue: z.core.$ZodIssueInvalidUnion, path: readonly PropertyKey[]): YamlIssue {
  if (issue.discriminator !== undefined) {
    const at = path.at(-1) === issue.discriminator ? path : [...path, issue.discriminator];
    return { path: at, part: 'value', sentence: `${subject(at)} ${issue.message}` };
  }
  const deepest = issue.errors
    .map((branch) => branch[0])
    .filter((first) => first !== undefined && first.path.length > 0)
    .toSorted((a, b) => (b?.path.length ?? 0) - (a?.path.length ?? 0))[0];
  if (deepest) return readIssue(deepest, path);
  return { path, part: 'value', sentence: `${subject(path)} ${issue.message}` };
}

function unknownKeys(keys: readonly string[], known: readonly string[]): string {
  const [first = '', ...others] = keys;
  const nearest = nearestName(first, known);
  const more = others.length > 0 ? ` (nor ${others.map((key) => `“${key}”`).join(', ')})` : '';
  if (nearest !== undefined) return `has no key “${first}”${more}; did you mean “${nearest}”?`;
  return `has no key “${first}”${more}; its keys are ${known.join(', ')}`;
}

function knownKeys(schema: unknown): readonly string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

function oneOf(values: readonly string[], input: unknown): string {
  if (input === undefined) return `must be ${list(values)}`;
  const nearest = typeof input === 'string' ? nearestName(input, values) : undefined;
  const ask = nearest === undefined ? '' : `; did you mean “${nearest}”?`;
  return `must be ${list(values)}, ${got(input)}${ask}`;
}

function wrongDiscriminator(issue: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidUnion>): string {
  const options: unknown = Reflect.get(issue, 'options');
  const { input } = issue;
  const given = isObject(input) ? input[issue.discriminator ?? ''] : undefined;
  return oneOf(Array.isArray(options) ? options.map(String) : [], given);
}

function alternatives(branches: readonly (readonly Issue[])[]): string {
  const expected = branches.flatMap(([first]) =>
    first?.code === 'invalid_type' ? [typeName(first.expected)] : [],
  );
  const input = branches[0]?.[0]?.input;
  if (expected.length === 0) return 'fits none of the forms it may have';
  return `must be ${list(expected)}${input === undefined ? '' : `, ${got(input)}`}`;
}

function size(issue: z.core.$ZodRawIssue<z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig>): string {
  const small = issue.code === 'too_small';
  const bound = Number(small ? issue.minimum : issue.maximum);
  if (small && bound === 1 && (issue.origin === 'string' || issue.origin === 'array'))
    return 'must not be empty';
  if (issue.origin === 'string') return `must have at ${small ? 'least' : 'most'} ${bound} characters`;
  if (issue.origin === 'array') return `must have at ${small ? 'least' : 'most'} ${bound} entries`;
  if (issue.inclusive) return `must be at ${small ? 'least' : 'most'} ${bound}`;
  return `must be ${small ? 'more' : 'less'} than ${bound}`;
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of keys',
  record: 'a map of keys',
  null: 'empty',
};

function typeName(expected: string): string {
  return typeNames[expected] ?? expected;
}

function got(input: unknown): string {
  if (input === null) return 'but is empty';
  if (Array.isArray(input)) return 'not a list';
  if (typeof input === 'object') return 'not a map of keys';
  const text = typeof input === 'string' ? input : (JSON.stringify(input) ?? 'nothing');
  return `not “${text.length > 60 ? `${text.slice(0, 59)}…` : text}”`;
}

function list(words: readonly string[]): string {
  const unique = [...new Set(words)];
  return unique.length < 2 ? unique.join('') : `${unique.slice(0, -1).join(', ')} or ${unique.at(-1)}`;
}
