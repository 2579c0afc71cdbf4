import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { IndexItem, VectorIndex } from '../../src/contracts/memory.ts';
import type { VectorSpace } from '../../src/vector/vector-space.ts';

export const testSpace: VectorSpace = { name: 'test/1', dimensions: 4 };

export function item(id: string, vector: readonly number[], hash = `hash of ${id}`): IndexItem {
  return { id, hash, vector };
}

/** What every vector index does, whatever keeps its vectors. `make` gives an empty one of {@link testSpace}. */
export function vectorIndexContract(make: () => Promise<VectorIndex>): void {
  let index: VectorIndex;

  beforeEach(async () => {
    index = await make();
  });

  describe('a vector index', () => {
    it('is empty at first and finds nothing', async () => {
      expect(await index.hashes()).toEqual(new Map());
      expect(await index.nearest([1, 0, 0, 0], 5)).toEqual([]);
    });

    it('finds the nearest by angle, best first, with their cosine', async () => {
      await index.update([item('x', [9, 0, 0, 0]), item('xy', [1, 1, 0, 0]), item('z', [0, 0, 1, 0])], []);
      const found = await index.nearest([2, 0, 0, 0], 2);
      expect(found.map(({ id }) => id)).toEqual(['x', 'xy']);
      expect(found[0]?.score).toBeCloseTo(1, 5);
      expect(found[1]?.score).toBeCloseTo(Math.SQRT1_2, 5);
    });

    it('gives all it has when asked for more, and nothing when asked for none', async () => {
      await index.update([item('x', [1, 0, 0, 0]), item('y', [0, 1, 0, 0])], []);
      expect(await index.nearest([1, 0.1, 0, 0], 100)).toHaveLength(2);
      expect(await index.nearest([1, 0.1, 0, 0], 0)).toEqual([]);
    });

    it('holds the new vector and hash of an id that is put again', async () => {
      await index.update([item('x', [1, 0, 0, 0], 'old'), item('y', [0, 0, 1, 0])], []);
      await index.update([item('x', [0, 1, 0, 0], 'new')], []);
      expect((await index.hashes()).get('x')).toBe('new');
      expect((await index.nearest([0, 1, 0, 0], 1))[0]).toMatchObject({ id: 'x' });
    });

    it('forgets what is removed, does not mind unknown ids, and removes before it adds', async () => {
      await index.update([item('x', [1, 0, 0, 0]), item('y', [0, 1, 0, 0])], []);
      await index.update([], ['x', 'never there']);
      expect([...(await index.hashes()).keys()]).toEqual(['y']);
      await index.update([item('y', [0, 0, 1, 0], 'again')], ['y']);
      expect(await index.hashes()).toEqual(new Map([['y', 'again']]));
    });

    it.each([
      ['a zero vector', [0, 0, 0, 0]],
      ['a vector that is zero in float32', [1e-60, 0, 0, 0]],
      ['a vector with a value that is no number', [1, Number.NaN, 0, 0]],
      ['a vector of another length', [1, 0, 0]],
    ])('refuses %s, and with it the whole update', async (_what, vector) => {
      await index.update([item('x', [1, 0, 0, 0])], []);
      const update = index.update([item('good', [0, 1, 0, 0]), item('bad', vector)], ['x']);
      await expect(update).rejects.toMatchObject({ code: 'index.failed' });
      await expect(index.nearest(vector, 1)).rejects.toMatchObject({ code: 'index.failed' });
      expect([...(await index.hashes()).keys()]).toEqual(['x']);
    });

    it('loses none of many updates that are begun at once', async () => {
      const ids = Array.from({ length: 50 }, (_, i) => `note-${i}`);
      await Promise.all(ids.map((id, i) => index.update([item(id, [1, i, 0, 0])], [])));
      expect([...(await index.hashes()).keys()].sort()).toEqual([...ids].sort());
    });

    it('agrees with a plain list after any sequence of updates', async () => {
      const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
      const change = fc.record({
        puts: fc.array(fc.record({ id, seed: fc.integer({ min: 1, max: 1000 }) }), { maxLength: 4 }),
        removals: fc.array(id, { maxLength: 3 }),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(change, { maxLength: 8 }), async (changes) => {
          const tested = await make();
          const expected = new Map<string, string>();
          for (const { puts, removals } of changes) {
            await tested.update(
              puts.map((put) => item(put.id, [1, put.seed, 0, 1], String(put.seed))),
              removals,
            );
            for (const removed of removals) expected.delete(removed);
            for (const put of puts) expected.set(put.id, String(put.seed));
          }
          expect(new Map([...(await tested.hashes())].sort())).toEqual(new Map([...expected].sort()));
          const found = await tested.nearest([1, 3, 0, 1], 10);
          expect(found.map((hit) => hit.id).sort()).toEqual([...expected.keys()].sort());
        }),
        { numRuns: 25 },
      );
    });
  });
}
