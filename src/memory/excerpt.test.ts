import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excerptOf } from './excerpt.ts';

describe('an excerpt', () => {
  const filler = 'Nothing of interest was said here at all. '.repeat(12);

  it('begins with the sentence that matches best', () => {
    const body = `# Harbor\n\n${filler}They want the invoice in March. ${filler}`;
    expect(excerptOf(body, new Map([['invoic', 2]]))).toMatch(/^They want the invoice in March\./);
  });

  it('is the beginning when nothing matches', () => {
    expect(excerptOf('- First point\n- Second point', new Map())).toBe('First point Second point');
  });

  it('of a long sentence is cut between words and says so', () => {
    const body = `${'before '.repeat(80)}invoice ${'after '.repeat(80)}`;
    const excerpt = excerptOf(body, new Map([['invoic', 1]]));
    expect(excerpt).toMatch(/^…(before )+invoice( after)*…$/);
  });

  it('is empty for an empty note', () => {
    expect(excerptOf('\n---\n', new Map([['x', 1]]))).toBe('');
  });

  it('is never longer than 240 characters and made of words of the note', () => {
    const word = fc.oneof(
      fc.constantFrom('invoice', 'a', 'End.', '\n', '## '),
      fc.string({ maxLength: 300 }),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 60 }), (words) => {
        const body = words.join(' ');
        const excerpt = excerptOf(body, new Map([['invoic', 1]]));
        expect(excerpt.length).toBeLessThanOrEqual(240);
        const plain = body.replaceAll(/\s/g, '');
        for (const part of excerpt.replaceAll('…', ' ').split(/\s+/))
          expect(plain).toContain(part.replaceAll('…', ''));
      }),
    );
  });
});
