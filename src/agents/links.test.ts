import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isExternal, linksOf, resolveTarget } from './links.ts';

const targets = (prose: string): string[] => linksOf(prose).map((link) => `${link.kind} ${link.target}`);

test.each([
  ['[a](b.md)', ['inline b.md']],
  ['[a]( <b c.md> "title" )', ['inline b c.md']],
  ["[a](b.md 'title')", ['inline b.md']],
  ['[a](b_(c).md)', ['inline b_(c).md']],
  ['[a [b] c](d.md)', ['inline d.md']],
  ['![a](b.png)', ['image b.png']],
  ['[![a](b.png)](c.md)', ['inline c.md', 'image b.png']],
  ['[[note]] and [[other|label]] and [[third#part]]', ['note note', 'note other', 'note third']],
  ['[a][ref]\n\n[ref]: b.md "title"', ['reference b.md']],
  ['<https://example.com/a>', ['inline https://example.com/a']],
  ['[a]()', ['inline ']],
  ['[a] (b.md)', []],
  ['a](b.md)', []],
  ['[a](b c.md)', []],
  ['[[ ]', []],
  ['[^1]: a footnote', []],
])('%s holds %j', (prose, expected) => {
  expect(targets(prose)).toEqual(expected);
});

test.each([
  ['b.md', 'drafts/a.md', 'drafts/b.md'],
  ['../briefs/b.md#part', 'drafts/a.md', 'briefs/b.md'],
  ['/briefs/./b%20c.md?x', 'drafts/deep/a.md', 'briefs/b c.md'],
  ['..', 'drafts/a.md', ''],
  ['100%.md', 'a.md', '100%.md'],
  ['../../b.md', 'drafts/a.md', undefined],
  ['%2e%2e/b.md', 'a.md', undefined],
])('%s in %s… leads to %s', (target, from, expected) => {
  expect(resolveTarget(target, from)).toBe(expected);
});

test('addresses of other systems are told from paths', () => {
  expect(['https://a.b', 'mailto:a@b.c', '//a.b/c', 'data:text/plain,x'].every(isExternal)).toBe(true);
  expect(['a.md', '/a.md', '#part', 'a/b:c.md', 'c:a'].some(isExternal)).toBe(false);
});

test('any text is read, and every link lies within it', () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom('[', '](', ')', '[[', ']]', '!', '(', '<', '>', '"', '\n'),
  );
  fc.assert(
    fc.property(
      fc.array(piece).map((parts) => parts.join('')),
      (prose) => {
        for (const link of linksOf(prose)) {
          expect(link.offset).toBeGreaterThanOrEqual(0);
          expect(link.end).toBeLessThanOrEqual(prose.length);
          expect(prose.slice(link.offset, link.end)).toContain(link.target);
          resolveTarget(link.target, 'a/b.md');
        }
      },
    ),
  );
});
