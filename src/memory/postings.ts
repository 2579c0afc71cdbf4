/** Which notes a term occurs in, and how much. Notes are small numbers given by the index. */
export interface PostingList {
  readonly docs: readonly number[];
  /** Weighted occurrences, beside `docs`. */
  readonly amounts: readonly number[];
}

interface Postings {
  readonly docs: number[];
  readonly amounts: number[];
  live: number;
}

/**
 * An inverted index that grows by appending. A removed note's postings stay until they are an eighth of
 * all notes, then all are purged at once: the work per change is in proportion to the change.
 */
export class InvertedIndex {
  readonly #lists = new Map<string, Postings>();
  readonly #removed = new Set<number>();
  #live = 0;

  /** `amounts`: weighted occurrences by term. `doc` must be greater than every number given before. */
  add(doc: number, amounts: ReadonlyMap<string, number>): void {
    this.#live += 1;
    for (const [term, amount] of amounts) {
      const list = this.#lists.get(term) ?? this.#newList(term);
      list.docs.push(doc);
      list.amounts.push(amount);
      list.live += 1;
    }
  }

  /** `terms`: those that `doc` was added with. */
  remove(doc: number, terms: Iterable<string>): void {
    this.#live -= 1;
    this.#removed.add(doc);
    for (const term of terms) {
      const list = this.#lists.get(term);
      if (list) list.live -= 1;
    }
    if (this.#removed.size > 64 + this.#live / 8) this.#purge();
  }

  /** In how many notes the term occurs. */
  frequency(term: string): number {
    return this.#lists.get(term)?.live ?? 0;
  }

  /** May name notes that were removed since the last purge; see {@link isRemoved}. */
  list(term: string): PostingList | undefined {
    return this.#lists.get(term);
  }

  isRemoved(doc: number): boolean {
    return this.#removed.has(doc);
  }

  #newList(term: string): Postings {
    const list: Postings = { docs: [], amounts: [], live: 0 };
    this.#lists.set(term, list);
    return list;
  }

  #purge(): void {
    for (const [term, list] of this.#lists) {
      if (list.live === 0) this.#lists.delete(term);
      else if (list.live < list.docs.length) this.#compact(list);
    }
    this.#removed.clear();
  }

  #compact(list: Postings): void {
    let kept = 0;
    for (const [i, doc] of list.docs.entries()) {
      if (this.#removed.has(doc)) continue;
      list.docs[kept] = doc;
      list.amounts[kept] = list.amounts[i] ?? 0;
      kept += 1;
    }
    list.docs.length = kept;
    list.amounts.length = kept;
  }
}
