/** A map that also knows its keys by the class of their values; a change costs the same however many there are. */
export class IndexedMap<K, V, C extends string> extends Map<K, V> {
  readonly #classOf: (value: V) => C;
  readonly #keys = new Map<C, Set<K>>();

  constructor(classOf: (value: V) => C) {
    super();
    this.#classOf = classOf;
  }

  /** Keys of that class, in the order in which they came into it. */
  in(name: C): ReadonlySet<K> {
    return this.#keysIn(name);
  }

  override set(key: K, value: V): this {
    const before = this.get(key);
    const name = this.#classOf(value);
    if (before !== undefined && this.#classOf(before) !== name)
      this.#keysIn(this.#classOf(before)).delete(key);
    this.#keysIn(name).add(key);
    return super.set(key, value);
  }

  override delete(key: K): boolean {
    const before = this.get(key);
    if (before !== undefined) this.#keysIn(this.#classOf(before)).delete(key);
    return super.delete(key);
  }

  override clear(): void {
    this.#keys.clear();
    super.clear();
  }

  #keysIn(name: C): Set<K> {
    const found = this.#keys.get(name) ?? new Set();
    this.#keys.set(name, found);
    return found;
  }
}
