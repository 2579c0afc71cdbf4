import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { partFrontMatter } from './front-matter.ts';

test('takes the YAML and the body apart and knows the body’s line', () => {
  expect(partFrontMatter('---\nname: A\nrole: qa\n---\nBody\nmore')).toEqual({
    frontMatter: 'closed',
    yaml: 'name: A\nrole: qa',
    body: 'Body\nmore',
    bodyLine: 5,
  });
});

test('reads Windows line ends, a byte order mark and blanks behind the dashes', () => {
  const parted = partFrontMatter('\uFEFF--- \r\nname: A\r\n---\t\r\nBody\r\n');
  expect(parted).toEqual({ frontMatter: 'closed', yaml: 'name: A', body: 'Body\n', bodyLine: 4 });
});

test('a rule further down is no front matter, and one that never ends is told apart', () => {
  expect(partFrontMatter('Text\n---\nmore').frontMatter).toBe('none');
  expect(partFrontMatter('---\nname: A').frontMatter).toBe('open');
});

test('no line of a text is lost or counted twice', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('---', 'a: 1', '', 'text')), (lines) => {
      const text = lines.join('\n');
      const parted = partFrontMatter(text);
      const whole = parted.frontMatter === 'closed' ? parted.body : text;
      const total = text.split('\n').length;
      const bodyLines = parted.body.split('\n').length;
      expect(parted.body).toBe(whole);
      // A closing `---` on the last line leaves an empty body below the text.
      expect(parted.bodyLine - 1 + bodyLines - total).toBeOneOf([0, 1]);
    }),
  );
});
