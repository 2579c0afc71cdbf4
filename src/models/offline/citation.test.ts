import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cited, decodeTarget, linkTarget, movedLinks, resolved } from './citation.ts';

const name = fc
  .stringMatching(/^[a-z %()é-]{1,8}$/)
  .filter((text) => text.trim() !== '' && !/^\.+$/.test(text));
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));

test('a relative link leads from one path of the company to another', () => {
  expect(linkTarget('briefs/a.md', 'drafts/2026/b.md')).toBe('../../briefs/a.md');
  expect(linkTarget('drafts/a.md', 'drafts/b.md')).toBe('a.md');
  expect(linkTarget('https://x.example/a?b=%20', 'drafts/b.md')).toBe('https://x.example/a?b=%20');
  fc.assert(
    fc.property(path, path, (to, from) => {
      const link = linkTarget(to, from);
      expect(link).not.toMatch(/[\s()]/);
      expect(decodeTarget(resolved(from.split('/').slice(0, -1), decodeTarget(link)))).toBe(decodeTarget(to));
    }),
  );
});

test('a body that moves keeps its links leading where they led', () => {
  const body = 'See [a](../briefs/a.md), [b](#part), [c](https://x.example).';
  expect(movedLinks(body, 'drafts/x.md', 'published/2026/x.md')).toBe(
    body.replace('../briefs', '../../briefs'),
  );
  expect(movedLinks(body, 'drafts/x.md', 'published/x.md')).toBe(body);
});

test('a citation stands inside its sentence', () => {
  expect(cited('It grew.', '[[a]]')).toBe('It grew [[a]].');
  expect(cited('She said: “It grew.”', '[[a]]')).toBe('She said: “It grew” [[a]].');
  expect(cited('Did it grow?', '[[a]]')).toBe('Did it grow? [[a]]');
});
