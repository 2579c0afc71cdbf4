import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { measureGrounding } from './grounding.ts';
import { source } from './material.fixture.ts';

const sources = [
  source({
    id: 'acme-call',
    text: 'Acme runs small hotels at the coast. Bookings rose by 30 % after the new site.',
  }),
  source({
    id: 'b1',
    kind: 'file',
    uri: 'briefs/spring.md',
    title: 'Spring brief',
    text: 'The campaign speaks to owners who answer the phone themselves.',
  }),
];
const grounding = (content: string): number | null =>
  measureGrounding([{ path: 'drafts/a.md', content }], sources);

describe('grounding', () => {
  test('counts a sentence that cites a source and shares its words', () => {
    expect(grounding('Since the relaunch, bookings at Acme rose by 30 % [[acme-call]].')).toBe(1);
  });

  test('counts a citation behind the full stop for the sentence before it', () => {
    expect(grounding('Since the relaunch, bookings at Acme rose clearly. [[acme-call|the call]]')).toBe(1);
  });

  test('counts a Markdown link to the source, relative or from the company folder', () => {
    const sentence = 'Many owners answer every phone call personally';
    expect(grounding(`${sentence} ([brief](../briefs/spring.md)).`)).toBe(1);
    expect(grounding(`${sentence} ([brief](/briefs/spring.md#who)).`)).toBe(1);
    expect(grounding(`${sentence} ([brief](../briefs/autumn.md)).`)).toBe(0);
  });

  test('counts a near quotation without a citation, but not a loose paraphrase', () => {
    expect(grounding('Acme runs small hotels at the coast.')).toBe(1);
    expect(grounding('The company manages lodging near beaches and hotels.')).toBe(0);
  });

  test('does not count a figure that the source does not have, cited or not', () => {
    expect(grounding('Bookings at Acme rose by 45 % after the new site [[acme-call]].')).toBe(0);
  });

  test('does not count a citation of something else, or one that is only decoration', () => {
    expect(grounding('Every designer loves purple gradients everywhere [[acme-call]].')).toBe(0);
    expect(grounding('Bookings doubled during several quiet winter weeks [[nobody]].')).toBe(0);
  });

  test('gives the share over all sentences, lists and tables of all files', () => {
    const mixed =
      '# A heading that claims a lot of things\n\n- Acme runs small hotels at the coast.\n- Pigs fly across distant purple mountains daily.';
    expect(grounding(mixed)).toBe(0.5);
    const files = [
      { path: 'a.md', content: mixed },
      { path: 'b.md', content: 'Acme runs small hotels at the coast.' },
    ];
    expect(measureGrounding(files, sources)).toBeCloseTo(2 / 3);
  });

  test('is null where nothing is claimed', () => {
    const nothing =
      '---\ntitle: Hotels rose by 30 % after the new site\n---\n# Title of the article here\n\nHello!\n\nDo small hotels near the coast need sites?\n\n```\nconst a = "hotels bookings rose site new";\n```';
    expect(grounding(nothing)).toBeNull();
    expect(grounding('')).toBeNull();
  });

  test('is 0 where something is claimed and there is no source', () => {
    expect(measureGrounding([{ path: 'a.md', content: 'Acme runs small hotels at the coast.' }], [])).toBe(0);
  });

  test('is a share, and the same for the same text', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom('[[acme-call]]', '. ', '](', '[[', '`', 'Acme hotels rose ', '。'),
    );
    fc.assert(
      fc.property(
        fc.array(piece).map((parts) => parts.join('')),
        (text) => {
          const value = grounding(text);
          expect(value === null || (value >= 0 && value <= 1)).toBe(true);
          expect(grounding(text)).toBe(value);
        },
      ),
    );
  });
});
