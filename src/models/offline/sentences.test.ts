import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sentencesOf } from './sentences.ts';

const texts = (markdown: string): string[] => sentencesOf(markdown).map(({ text }) => text);

test('a paragraph is cut where sentences end, not at abbreviations, numbers or names', () => {
  expect(
    texts('It cost 4.50 € approx. in May. Mr. Vik paid, e.g. by card. “Was it late?” he asked. No!'),
  ).toEqual([
    'It cost 4.50 € approx. in May.',
    'Mr. Vik paid, e.g. by card.',
    '“Was it late?” he asked.',
    'No!',
  ]);
});

test('front matter, headings, code, tables and comments are no sentences; a heading is known to those below it', () => {
  const found = sentencesOf(
    '---\ntitle: No.\n---\n# Top\n\nYes.\n\n```\nNo.\n```\n\n## Below\n| No. |\n<!-- No. -->\n- An item.\n',
  );
  expect(found.map(({ text, heading, isItem }) => ({ text, heading, isItem }))).toEqual([
    { text: 'Yes.', heading: 'Top', isItem: false },
    { text: 'An item.', heading: 'Below', isItem: true },
  ]);
});

test('Markdown is taken off the prose, and no link is left that could pass for a citation', () => {
  expect(texts('We **doubled** it (see [[other]]), as [the page](x.md) of [[big-note|Big]] says.')).toEqual([
    'We doubled it, as the page of Big says.',
  ]);
});

test('every sentence is a slice of its text, in order, however odd the text', () => {
  const piece = fc.constantFrom(
    'A b. ',
    '- x! ',
    '\n\n',
    '\n',
    '# h\n',
    '> q? ',
    '```\n',
    '---\n',
    '[[a]]',
    '](',
    '“',
    'é…',
  );
  const odd = fc.oneof(
    fc.array(piece).map((parts) => parts.join('')),
    fc.string({ unit: 'binary' }),
  );
  fc.assert(
    fc.property(odd, (text) => {
      let last = 0;
      for (const { raw, start, end, text: prose } of sentencesOf(text)) {
        expect(text.slice(start, end)).toBe(raw);
        expect(start).toBeGreaterThanOrEqual(last);
        expect(prose).not.toMatch(/\[\[|\]\(|\n/);
        last = end;
      }
    }),
  );
});
