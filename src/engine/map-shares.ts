import type { Folding } from './folding.ts';

/** How many attempts each map may still have at a time (`at-once`); a map within a map takes from both. */
export class MapShares {
  readonly #state: Folding;
  readonly #taken = new Map<string, number>();

  constructor(state: Folding) {
    this.#state = state;
    for (const id of state.steps.in('running')) this.#note(id);
  }

  /** Takes a place for an attempt at the step; false when one of its maps has none left. */
  take(id: string): boolean {
    const full = this.#mapsOf(id).some(({ map, atOnce }) => (this.#taken.get(map) ?? 0) >= atOnce);
    if (!full) this.#note(id);
    return !full;
  }

  #note(id: string): void {
    for (const { map } of this.#mapsOf(id)) this.#taken.set(map, (this.#taken.get(map) ?? 0) + 1);
  }

  #mapsOf(id: string): { map: string; atOnce: number }[] {
    const { steps } = this.#state;
    const parent = steps.get(steps.get(id)?.step.within?.step ?? '');
    if (!parent) return [];
    const outer = this.#mapsOf(parent.id);
    return parent.step.kind === 'map' ? [{ map: parent.id, atOnce: parent.step.atOnce }, ...outer] : outer;
  }
}
