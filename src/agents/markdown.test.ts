import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { headings, lineAt, readDocument } from './markdown.ts';

const prose = (body: string): string => readDocument('a.md', body).prose;

describe('prose', () => {
  test.each([
    ['a fence', 'a\n```js\n[x](y)\n```\nb'],
    ['a fence of tildes with backticks inside', 'a\n~~~\n```\n[x](y)\n```\n~~~\nb'],
    ['a longer closing fence', 'a\n```\n[x](y)\n`````\nb'],
    ['a fence in a list', '- a\n  ```\n  [x](y)\n  ```\n  b'],
    ['a fence in a quote', '> a\n> ```\n> [x](y)\n> ```\n> b'],
    ['a code span', 'a `[x](y)` b'],
    ['a code span with backticks', 'a `` ` [x](y) ` `` b'],
    ['a code span over two lines', 'a `[x]\n(y)` b'],
    ['a comment', 'a <!-- [x](y)\n\n --> b'],
  ])('leaves out %s and keeps what surrounds it in place', (_what, body) => {
    expect(prose(body)).toHaveLength(body.length);
    expect(prose(body)).not.toContain('x');
    expect(prose(body)[body.indexOf('a')]).toBe('a');
    expect(prose(body).at(-1)).toBe('b');
  });

  test('keeps what only looks like code', () => {
    expect(prose('a ` b\n\nc ` d')).toBe('a ` b\n\nc ` d');
    expect(prose('```not``` a fence')).toBe(`${' '.repeat(9)} a fence`);
    expect(prose('a `` b ` c')).toBe('a `` b ` c');
  });

  test('leaves out a fence that is never closed, to the end', () => {
    expect(prose('a\n```\n[x](y)').trim()).toBe('a');
  });

  test('keeps every line and every character’s place, whatever the text', () => {
    const piece = fc.constantFrom(
      '`',
      '``',
      '```',
      '~~~',
      '\n',
      '\n\n',
      '<!--',
      '-->',
      'a',
      ' ',
      '[x](y)',
      '> ',
    );
    fc.assert(
      fc.property(
        fc.array(piece).map((parts) => parts.join('')),
        (body) => {
          const document = readDocument('a.md', body);
          expect(document.prose).toHaveLength(document.body.length);
          const moved = Array.from(document.prose).filter(
            (letter, i) => letter !== ' ' && letter !== document.body[i],
          );
          expect(moved).toEqual([]);
        },
      ),
    );
  });

  test('of other text files is all of it', () => {
    expect(readDocument('a.csv', '---\r\n`a`')).toMatchObject({
      markdown: false,
      body: '---\n`a`',
      prose: '---\n`a`',
    });
  });
});

test('headings are found in both forms, but not in code, lists and rules', () => {
  const body =
    '# One #\n\nTwo\n===\n\nThree `x`\n---\n\n```\n# no\n```\n- item\n---\n\n#hashtag\n\n---\n\n   ### Four\n| a |\n|---|\n';
  expect(headings(readDocument('a.md', body))).toEqual([
    { text: 'One', level: 1 },
    { text: 'Two', level: 1 },
    { text: 'Three `x`', level: 2 },
    { text: 'Four', level: 3 },
  ]);
});

test('lines count from the top of the file, front matter included', () => {
  const document = readDocument('a.md', '---\r\ntitle: A\r\n---\r\none\r\ntwo\r\n');
  expect(lineAt(document, document.body.indexOf('one'))).toBe(4);
  expect(lineAt(document, document.body.indexOf('two'))).toBe(5);
});
