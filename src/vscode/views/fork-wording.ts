import type { ForkOutline } from '../../app/cairn.ts';
import { countText } from '../../protocol/wording.ts';

/** What a fork has kept, in a sentence. */
export function forkedText({ kept }: Pick<ForkOutline, 'kept'>): string {
  return kept.length > 0
    ? `Forked: ${countText(kept.length, 'step')} of the run ${kept.length === 1 ? 'is' : 'are'} kept.`
    : 'Forked: nothing could be kept, every step is made anew.';
}

type Beyond = Pick<ForkOutline, 'from' | 'beyond' | 'sent' | 'inDoubt'>;

/** What is on the branch, or has left, although the fork does not build on it, and what to do about it. */
export function beyondText({ from, beyond, sent, inDoubt }: Beyond): string[] {
  const proposals = countText(beyond.length, 'proposal');
  const [are, them] = beyond.length === 1 ? ['is', 'it'] : ['are', 'them'];
  const names = (effects: ForkOutline['sent']) => effects.map(({ effect }) => effect).join(', ');
  return [
    ...(beyond.length > 0
      ? [
          `${proposals} that ${from} has applied ${are} no part of it and ${are} still on the branch; “Revert Run” takes ${them} back.`,
        ]
      : []),
    ...(sent.length > 0
      ? [`Sent by ${from}, and no part of it: ${names(sent)}; “Revert Run” takes back what can be.`]
      : []),
    ...(inDoubt.length > 0
      ? [`${from} may have sent: ${names(inDoubt)}; “Revert Run” looks for it, or asks.`]
      : []),
  ];
}

/** What is to be reverted to take back all that a fork does not build on, and nothing else; none when it is several. */
export function takeBackTarget({
  from,
  applied,
  beyond,
  sent,
  inDoubt,
}: Pick<ForkOutline, 'from' | 'applied' | 'beyond' | 'sent' | 'inDoubt'>): string | undefined {
  const [first, ...others] = beyond;
  if (sent.length > 0 || inDoubt.length > 0) return applied.length === 0 ? from : undefined;
  if (!first) return undefined;
  if (others.length === 0) return first.proposal;
  return applied.length === 0 ? from : undefined;
}

/** What migrating a run means for its steps, for the question before it. */
export function migrationText(outline: ForkOutline): string {
  const { kept, anew, gone, from } = outline;
  const names = (steps: readonly { readonly name: string }[]) => steps.map(({ name }) => name).join(', ');
  return [
    kept.length > 0
      ? `${from} is stopped, and a new run goes on from what it has done.`
      : `${from} is stopped, and a new run begins: nothing of the old one can be kept.`,
    ...(kept.length > 0 ? [`Kept: ${names(kept)}.`] : []),
    ...(anew.length > 0 ? [`Made anew: ${names(anew)}.`] : []),
    ...(gone.length > 0 ? [`Gone from the workflow: ${names(gone)}.`] : []),
    ...beyondText(outline),
  ].join('\n');
}
