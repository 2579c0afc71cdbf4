import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readHead, splitDocument, withKey, withSources, yamlText } from './front-matter.ts';

const text = '---\ntitle: "A: b"\n# mine\ntags: [x, y]\nsources:\n  - one\n  - two\n---\n\n# A\n\nBody.\n';

test('front matter and body together are the text, byte for byte', () => {
  const part = fc.constantFrom('---', '---\n', '\r\n', 'a: b\n', 'text', '\n');
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      const { head, body } = splitDocument(parts.join(''));
      expect(head + body).toBe(parts.join(''));
    }),
  );
});

test('values are read without their quotes, lists joined by commas', () => {
  expect(Object.fromEntries(readHead(text))).toEqual({ title: 'A: b', tags: 'x, y', sources: 'one, two' });
});

describe('setting a key', () => {
  test('changes its line alone', () => {
    expect(withKey(text, 'title', 'C')).toBe(text.replace('title: "A: b"', 'title: C'));
  });

  test('adds it at the end when it is new, and front matter where there is none', () => {
    expect(withKey(text, 'status', 'edited')).toBe(text.replace('  - two\n', '  - two\nstatus: edited\n'));
    expect(withKey('Body.\n', 'status', 'draft')).toBe('---\nstatus: draft\n---\n\nBody.\n');
  });
});

test('the list of sources names what is cited; what it named besides the material stays', () => {
  const updated = withSources(text, new Set(['two', 'inbox:3']), ['one', 'two', 'inbox:3']);
  expect(updated).toBe(text.replace('  - one\n  - two\n', '  - two\n  - "inbox:3"\n'));
  expect(withSources(text, new Set(['two']), ['two'])).toBe(text);
});

test('a value with a sign that YAML reads is quoted', () => {
  expect([yamlText('Plain words, here'), yamlText('Re: this'), yamlText('yes'), yamlText('[x]')]).toEqual([
    'Plain words, here',
    '"Re: this"',
    '"yes"',
    '"[x]"',
  ]);
});
