import type { IndexItem, VectorIndex } from '../contracts/memory.ts';
import { directionOf, normOf, type VectorSpace } from './vector-space.ts';

interface Held {
  readonly hash: string;
  readonly values: Float32Array;
}

/** The index without a disk: for folders that may not be written, and for tests. */
export class MemoryVectorIndex implements VectorIndex {
  readonly #space: VectorSpace;
  readonly #items = new Map<string, Held>();

  constructor(space: VectorSpace) {
    this.#space = space;
  }

  async hashes(): Promise<ReadonlyMap<string, string>> {
    return new Map([...this.#items].map(([id, { hash }]) => [id, hash]));
  }

  async update(upserts: readonly IndexItem[], removals: readonly string[]): Promise<void> {
    const held = upserts.map(({ id, hash, vector }): [string, Held] => [
      id,
      { hash, values: directionOf(id, vector, this.#space) },
    ]);
    for (const id of removals) this.#items.delete(id);
    for (const [id, item] of held) this.#items.set(id, item);
  }

  async nearest(vector: readonly number[], limit: number): Promise<readonly { id: string; score: number }[]> {
    const direction = directionOf('query', vector, this.#space);
    return [...this.#items]
      .map(([id, { values }]) => ({ id, score: cosine(direction, values) }))
      .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
      .slice(0, Math.max(0, limit));
  }
}

function cosine(a: Float32Array, b: Float32Array): number {
  let dot = 0;
  for (let i = 0; i < a.length; i += 1) dot += (a[i] ?? 0) * (b[i] ?? 0);
  return dot / (normOf(a) * normOf(b));
}
