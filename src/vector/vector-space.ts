import { vectorRefused } from '../base/failures/memory.ts';

/** What the vectors of an index mean; those of two spaces cannot be compared. */
export interface VectorSpace {
  /** Names the embedding and its version, e.g. `hashed-ngrams/1`. */
  readonly name: string;
  readonly dimensions: number;
}

/**
 * A vector in the precision of the index. Throws `index.failed` when it has another length, no direction, or a
 * value that is no number: one such vector would spoil every ranking.
 */
export function directionOf(id: string, vector: readonly number[], space: VectorSpace): Float32Array {
  if (vector.length !== space.dimensions)
    throw vectorRefused(id, `has ${vector.length} dimensions instead of ${space.dimensions}`);
  const values = Float32Array.from(vector);
  const norm = normOf(values);
  if (!Number.isFinite(norm)) throw vectorRefused(id, 'has a value that is not a number');
  if (norm === 0) throw vectorRefused(id, 'is zero in every dimension, so it is near to nothing');
  return values;
}

/** Euclidean length. */
export function normOf(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum);
}
