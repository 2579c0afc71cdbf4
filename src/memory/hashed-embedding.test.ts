import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashedEmbedding, hashedSpace } from './hashed-embedding.ts';

const cosine = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
const vectorOf = (text: string) => hashedEmbedding(text) ?? [];

describe('the embedding without a model', () => {
  it('has length 1 and the dimensions of its space, or does not exist', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        const vector = hashedEmbedding(text);
        if (!vector) return;
        expect(vector).toHaveLength(hashedSpace.dimensions);
        expect(Math.hypot(...vector)).toBeCloseTo(1, 6);
      }),
    );
  });

  it('does not exist for a text that says nothing', () => {
    expect(hashedEmbedding('')).toBeUndefined();
    expect(hashedEmbedding('and then, what? …')).toBeUndefined();
  });

  it('is the same on every machine and in every version of the space', () => {
    const strongest = vectorOf('late invoice')
      .map((value, at) => ({ at, value: Math.round(value * 1000) / 1000 }))
      .filter(({ value }) => Math.abs(value) > 0.35);
    expect(strongest).toMatchInlineSnapshot(`
      [
        {
          "at": 28,
          "value": 0.532,
        },
        {
          "at": 149,
          "value": -0.532,
        },
      ]
    `);
  });

  it('is nearer to a text on the same subject, also in other forms of the words', () => {
    const query = vectorOf('paying invoices late');
    const near = cosine(query, vectorOf('The customer pays each invoice too late'));
    const far = cosine(query, vectorOf('The logo is drawn in dark green'));
    expect(near).toBeGreaterThan(far + 0.2);
  });
});
