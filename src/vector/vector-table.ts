import type { IndexData, IndexItem } from 'vectra';
import type { Change, StoredVector } from './vector-frames.ts';
import { normOf } from './vector-space.ts';

type Item = IndexItem<{ hash: string }>;

/**
 * The items of an index, changed in proportion to the change. Vectra's own updates copy and scan the whole
 * list for every item and then write all of it; its queries read the list it was given, which is this one.
 */
export class VectorTable {
  readonly #items: Item[] = [];
  readonly #positions = new Map<string, number>();

  /** The very list that Vectra searches; it changes with the table. */
  get data(): IndexData {
    return { version: 1, metadata_config: {}, items: this.#items };
  }

  get size(): number {
    return this.#items.length;
  }

  has(id: string): boolean {
    return this.#positions.has(id);
  }

  hashes(): Map<string, string> {
    return new Map(this.#items.map(({ id, metadata }) => [id, metadata.hash]));
  }

  apply({ removals, upserts }: Change): void {
    for (const id of removals) this.#remove(id);
    for (const stored of upserts) this.#put(stored);
  }

  /** Everything in the table as one change from nothing. */
  asChange(): Change {
    return {
      removals: [],
      upserts: this.#items.map(({ id, metadata, vector }) => ({
        id,
        hash: metadata.hash,
        values: Float32Array.from(vector),
      })),
    };
  }

  #put({ id, hash, values }: StoredVector): void {
    const position = this.#positions.get(id) ?? this.#items.length;
    // Vectra only reads vectors by index and length; as float32 they take half the memory.
    const vector = values as unknown as number[];
    this.#items[position] = { id, metadata: { hash }, vector, norm: normOf(values) };
    this.#positions.set(id, position);
  }

  /** The last item takes the place of the removed one. */
  #remove(id: string): void {
    const position = this.#positions.get(id);
    const last = this.#items.pop();
    if (position === undefined || !last) {
      if (last) this.#items.push(last);
      return;
    }
    this.#positions.delete(id);
    if (last.id === id) return;
    this.#items[position] = last;
    this.#positions.set(last.id, position);
  }
}
