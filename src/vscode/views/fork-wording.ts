import type { ForkOutline, Forked } from '../../app/cairn.ts';
import { countText } from '../../protocol/wording.ts';

/** What a fork has kept, in a sentence. */
export function forkedText({ from, kept }: Forked): string {
  return kept.length > 0
    ? `The new run begins with ${countText(kept.length, 'step')} of ${from}.`
    : `Nothing of ${from} could be kept: every step is made anew.`;
}

type Beyond = Pick<ForkOutline, 'from' | 'beyond' | 'sent' | 'inDoubt'>;

/** What is on the branch, or has left, although the fork does not build on it, and what to do about it. */
export function beyondText({ from, beyond, sent, inDoubt }: Beyond): string[] {
  const commits = countText(beyond.length, 'proposal');
  const names = (effects: ForkOutline['sent']) => effects.map(({ effect }) => effect).join(', ');
  return [
    ...(beyond.length > 0
      ? [`${commits} of ${from} on the branch are no part of it; “Revert Run” takes them back.`]
      : []),
    ...(sent.length > 0
      ? [`Sent by ${from}, and no part of it: ${names(sent)}; “Revert Run” takes back what can be.`]
      : []),
    ...(inDoubt.length > 0
      ? [`${from} may have sent: ${names(inDoubt)}; “Revert Run” looks for it, or asks.`]
      : []),
  ];
}

/** What migrating a run means for its steps, for the question before it. */
export function migrationText(outline: ForkOutline): string {
  const { kept, anew, gone, from } = outline;
  const names = (steps: readonly { readonly name: string }[]) => steps.map(({ name }) => name).join(', ');
  return [
    `${from} is stopped, and a new run goes on from what it has done.`,
    kept.length > 0 ? `Kept: ${names(kept)}.` : 'Nothing of it can be kept.',
    ...(anew.length > 0 ? [`Made anew: ${names(anew)}.`] : []),
    ...(gone.length > 0 ? [`Gone from the workflow: ${names(gone)}.`] : []),
    ...beyondText(outline),
  ].join('\n');
}
