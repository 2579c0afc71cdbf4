import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { AppError, type Failure } from '../base/failure.ts';
import { limits } from '../base/limits.ts';
import { connectorConfigSchema } from './connector.ts';
import { parseYaml } from './parse-yaml.ts';
import { policySchema } from './policy.ts';

const recipe = z.strictObject({
  title: z.string().min(1),
  serves: z.number().int().positive().default(2),
  level: z.enum(['easy', 'hard']).default('easy'),
  needs: z.union([z.string(), z.array(z.string())]).default([]),
  parts: z
    .record(z.string().regex(/^[a-z]+$/, 'use small letters'), z.strictObject({ grams: z.number() }))
    .default({}),
});

function failing(text: string, schema: z.ZodType = recipe, lineOffset?: number): Failure {
  try {
    parseYaml(text, schema, { file: 'recipe.yaml', lineOffset });
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown.failure;
    throw thrown;
  }
  throw new Error('it was accepted');
}

function outcomeOf(text: string): unknown {
  try {
    parseYaml(text, recipe, { file: 'f' });
    return 'parsed';
  } catch (thrown) {
    return thrown instanceof AppError ? 'refused' : thrown;
  }
}

const place = (line: number, column: number) => ({ file: 'recipe.yaml', line, column });

describe('a valid file', () => {
  test('gives what the schema makes of it', () => {
    expect(parseYaml('title: Soup\n', recipe, { file: 'f' })).toEqual({
      title: 'Soup',
      serves: 2,
      level: 'easy',
      needs: [],
      parts: {},
    });
  });

  test('may use anchors', () => {
    const text = 'title: Soup\nparts:\n  leek: &same {grams: 10}\n  salt: *same\n';
    expect(parseYaml(text, recipe, { file: 'f' }).parts.salt).toEqual({ grams: 10 });
  });
});

describe('what is wrong is told with its place', () => {
  test.each([
    ['a wrong type', 'title: Soup\nserves: many\n', 'serves must be a number, not “many”.', place(2, 9)],
    [
      'a missing key, where its parent is named',
      'title: Soup\nparts:\n  leek: {}\n',
      'parts.leek needs “grams”.',
      place(3, 3),
    ],
    ['a missing key of the file', 'serves: 2\n', 'The file needs “title”.', place(1, 1)],
    [
      'an unknown key, with the one that was meant',
      'title: Soup\nserve: 2\n',
      'The file has no key “serve”; did you mean “serves”?',
      place(2, 1),
    ],
    [
      'an unknown key that resembles none',
      'title: Soup\ncolour: red\n',
      'The file has no key “colour”; its keys are title, serves, level, needs, parts.',
      place(2, 1),
    ],
    [
      'a wrong choice',
      'title: Soup\nlevel: esy\n',
      'level must be easy or hard, not “esy”; did you mean “easy”?',
      place(2, 8),
    ],
    [
      'an unusable name',
      'title: Soup\nparts:\n  Leek: {grams: 1}\n',
      '“Leek” is not a usable name: use small letters.',
      place(3, 3),
    ],
    [
      'a value that fits no alternative',
      'title: Soup\nneeds: 3\n',
      'needs must be text or a list, not “3”.',
      place(2, 8),
    ],
    [
      'an item of an alternative',
      'title: Soup\nneeds:\n  - pot\n  - 3\n',
      'needs[1] must be text, not “3”.',
      place(4, 5),
    ],
    ['an empty text', 'title: ""\n', 'title must not be empty.', place(1, 8)],
    ['a number that is too small', 'title: Soup\nserves: 0\n', 'serves must be more than 0.', place(2, 9)],
    ['an empty file', '', 'The file must be a map of keys, but is empty.', place(1, 1)],
    [
      'a key that occurs twice',
      'title: Soup\nserves: 1\ntitle: Stew\n',
      'The key “title” occurs twice here.',
      place(3, 1),
    ],
    [
      'a tag',
      'title: !!js/function "x"\n',
      'This is not valid YAML: Unresolved tag: tag:yaml.org,2002:js/function.',
      place(1, 8),
    ],
    [
      'a second document',
      'title: Soup\n---\ntitle: Stew\n',
      'The file holds more than one YAML document.',
      place(2, 1),
    ],
  ])('%s', (_what, text, message, at) => {
    const failure = failing(text);
    expect({ code: failure.code, message: failure.message, at: failure.at }).toEqual({
      code: 'definition.invalid',
      message,
      at,
    });
    expect(failure.remedy).toBeTruthy();
  });

  test('several flaws: the first in the file leads, the others follow as causes', () => {
    const failure = failing('parts:\n  leek: {grams: x}\nserves: many\ntitle: 3\n');
    expect(failure.message).toBe('parts.leek.grams must be a number, not “x”.');
    expect(failure.causes).toEqual([
      'recipe.yaml:3:9: serves must be a number, not “many”.',
      'recipe.yaml:4:8: title must be text, not “3”.',
    ]);
  });

  test('lines above the text are counted', () => {
    expect(failing('title: Soup\nserves: many\n', recipe, 3).at).toEqual(place(5, 9));
  });

  test('the kind of a connector names the kinds there are', () => {
    const failure = failing('type: file-drp\nfolder: inbox\n', connectorConfigSchema);
    expect(failure.message).toBe(
      'type must be file-drop, feed or webhook, not “file-drp”; did you mean “file-drop”?',
    );
    expect(failure.at).toEqual(place(1, 7));
  });

  test('an unknown key deep inside is placed at that key', () => {
    const failure = failing(
      'rules:\n  - when: {path: drafts/**, agnet: qa}\n    then: ask\n    why: x\n',
      policySchema,
    );
    expect(failure.message).toBe('rules[0].when has no key “agnet”; did you mean “agent”?');
    expect(failure.at).toEqual(place(2, 29));
  });
});

describe('hostile files', () => {
  test('one beyond the limit is refused with both numbers', () => {
    const failure = failing(`title: ${'x'.repeat(limits.definitionBytes)}\n`);
    expect(failure.code).toBe('file.too-large');
    expect(failure.message).toContain(String(limits.definitionBytes));
  });

  test('an alias bomb is refused', () => {
    const rows = ['title: a', 'l0: &l0 [x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 9; i += 1)
      rows.push(`l${i}: &l${i} [${Array.from({ length: 9 }, () => `*l${i - 1}`).join(', ')}]`);
    expect(failing(rows.join('\n')).code).toBe('definition.invalid');
  });

  test.each(['[', '{a: '])('deep nesting by %s is refused', (open) => {
    expect(failing(`title: ${open.repeat(20_000)}`).code).toBe('definition.invalid');
  });

  test('an alias of itself is refused', () => {
    expect(failing('title: &t [*t]\n').code).toBe('definition.invalid');
  });

  test('no text makes anything else than a coded failure', () => {
    const line = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.constantFrom(
        'title: Soup',
        'serves: [',
        '- a',
        '  x: &a 1',
        '  y: *a',
        '__proto__: {a: 1}',
        '? [a]: b',
        '---',
        '!!x',
      ),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
        expect(['parsed', 'refused']).toContain(outcomeOf(lines.join('\n')));
      }),
    );
  });
});
