/** An {@link IndexedMap} but for its values: its keys in their order, and those of each class in theirs. */
export interface KeptIndex<K, C extends string> {
  readonly keys: readonly K[];
  readonly classes: readonly (readonly [C, readonly K[]])[];
}

/**
 * A map that also knows its keys by the class of their values; a change costs the same however many there are. Its
 * values are plain data that nobody changes; one that comes from a snapshot stays a text until somebody asks for it.
 */
export class IndexedMap<K, V, C extends string> extends Map<K, V> {
  readonly #classOf: (value: V) => C;
  readonly #keys = new Map<C, Set<K>>();
  /** Texts of the values that nobody has asked for yet; the map holds their keys. */
  readonly #texts = new Map<K, () => string>();

  constructor(classOf: (value: V) => C) {
    super();
    this.#classOf = classOf;
  }

  /** Keys of that class, in the order in which they came into it. */
  in(name: C): ReadonlySet<K> {
    return this.#keysIn(name);
  }

  /** All but the values. */
  index(): KeptIndex<K, C> {
    const classes = [...this.#keys].map(([name, keys]) => [name, [...keys]] as const);
    return { keys: [...this.keys()], classes };
  }

  /** Texts of the values as they are now, in the order of their keys. */
  texts(): readonly (() => string)[] {
    return [...this.keys()].map((key) => {
      const value = super.get(key);
      return this.#texts.get(key) ?? (() => JSON.stringify(value));
    });
  }

  /** Fills an empty map with what another one was. */
  restore({ keys, classes }: KeptIndex<K, C>, texts: readonly (() => string)[]): void {
    for (const [name, members] of classes) this.#keys.set(name, new Set(members));
    for (const [place, key] of keys.entries()) {
      const text = texts[place];
      if (text) this.#texts.set(key, text);
      super.set(key, undefined as V);
    }
  }

  override get(key: K): V | undefined {
    const text = this.#texts.get(key);
    if (text) this.#read(key, text);
    return super.get(key);
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
    this.#texts.clear();
    super.clear();
  }

  override values(): MapIterator<V> {
    this.#readAll();
    return super.values();
  }

  override entries(): MapIterator<[K, V]> {
    this.#readAll();
    return super.entries();
  }

  override [Symbol.iterator](): MapIterator<[K, V]> {
    return this.entries();
  }

  override forEach(look: (value: V, key: K, map: Map<K, V>) => void): void {
    this.#readAll();
    super.forEach(look);
  }

  #readAll(): void {
    for (const [key, text] of this.#texts) this.#read(key, text);
  }

  #read(key: K, text: () => string): void {
    this.#texts.delete(key);
    super.set(key, JSON.parse(text()) as V);
  }

  #keysIn(name: C): Set<K> {
    const found = this.#keys.get(name) ?? new Set();
    this.#keys.set(name, found);
    return found;
  }
}
