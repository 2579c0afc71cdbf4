import { IndexedMap } from './indexed-map.ts';
import type { KeptIndex } from './indexed-map.ts';
import { StepTable } from './step-table.ts';
import type { KeptTable } from './step-table.ts';
import type { Folding } from './folding.ts';
import type { ProposalState, ProposalStatus } from '../contracts/run.ts';
import type { RunSnapshot } from '../contracts/runs.ts';

/** To be counted up whenever the state has another form or the fold comes to another state; a test knows the form. */
export const snapshotVersion = 1;

/** All of a state but its steps and proposals, which have texts of their own. */
interface Whole {
  readonly version: number;
  /** What is plain data already. */
  readonly plain: Omit<Folding, 'steps' | 'proposals'>;
  /** The other maps, as entries by name. */
  readonly maps: Readonly<Record<string, readonly (readonly [unknown, unknown])[]>>;
  /** Sets, as values by name. */
  readonly sets: Readonly<Record<string, readonly unknown[]>>;
  readonly steps: KeptTable;
  readonly proposals: KeptIndex<number, ProposalStatus['is']>;
}

/** The state as it is now; what is folded later does not change it. */
export function keepState({ steps, proposals, ...rest }: Folding): RunSnapshot {
  const fields = Object.entries(rest);
  const whole = JSON.stringify({
    version: snapshotVersion,
    plain: Object.fromEntries(
      fields.filter(([, value]) => !(value instanceof Map) && !(value instanceof Set)),
    ),
    maps: Object.fromEntries(
      fields.flatMap(([name, value]) => (value instanceof Map ? [[name, [...value]]] : [])),
    ),
    sets: Object.fromEntries(
      fields.flatMap(([name, value]) => (value instanceof Set ? [[name, [...value]]] : [])),
    ),
    steps: steps.index(),
    proposals: proposals.index(),
  });
  return { at: rest.at, texts: [() => whole, ...steps.texts(), ...proposals.texts()] };
}

/** The state that was kept, to be folded on; nothing when another version of Cairn has kept it. */
export function restoreState({ texts: [first, ...texts] }: RunSnapshot): Folding | undefined {
  const { version, plain, maps, sets, ...kept } = JSON.parse(first?.() ?? '{}') as Whole;
  if (version !== snapshotVersion) return undefined;
  const steps = StepTable.restored(kept.steps, texts);
  const proposals = emptyProposals();
  proposals.restore(kept.proposals, texts.slice(kept.steps.keys.length));
  const others = [
    ...Object.entries(maps).map(([name, entries]) => [name, new Map(entries)]),
    ...Object.entries(sets).map(([name, values]) => [name, new Set(values)]),
  ];
  return { ...plain, ...Object.fromEntries(others), steps, proposals };
}

/** A run's proposals, before the first one. */
export function emptyProposals(): Folding['proposals'] {
  return new IndexedMap<number, ProposalState, ProposalStatus['is']>(({ status: { is } }) => is);
}
