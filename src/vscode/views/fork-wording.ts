import type { ForkOutline, Forked } from '../../app/cairn.ts';
import { countText } from '../../protocol/wording.ts';

/** What a fork has kept, in a sentence. */
export function forkedText({ from, kept }: Forked): string {
  return kept.length > 0
    ? `The new run begins with ${countText(kept.length, 'step')} of ${from}.`
    : `Nothing of ${from} could be kept: every step is made anew.`;
}

/** What is on the branch although the fork does not build on it, and what to do about it. */
export function appliedText({ from, beyond }: Pick<ForkOutline, 'from' | 'beyond'>): string[] {
  if (beyond.length === 0) return [];
  const commits = countText(beyond.length, 'proposal');
  return [`${commits} of ${from} on the branch are no part of it; “Revert Run” takes them back.`];
}

/** What migrating a run means for its steps, for the question before it. */
export function migrationText({ kept, anew, gone, beyond, from }: ForkOutline): string {
  const names = (steps: readonly { readonly name: string }[]) => steps.map(({ name }) => name).join(', ');
  return [
    `${from} is stopped, and a new run goes on from what it has done.`,
    kept.length > 0 ? `Kept: ${names(kept)}.` : 'Nothing of it can be kept.',
    ...(anew.length > 0 ? [`Made anew: ${names(anew)}.`] : []),
    ...(gone.length > 0 ? [`Gone from the workflow: ${names(gone)}.`] : []),
    ...appliedText({ from, beyond }),
  ].join('\n');
}
