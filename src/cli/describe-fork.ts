import type { ForkOutline, Forked, Migration } from '../app/cairn.ts';
import { countText } from '../protocol/wording.ts';

/** What a fork has taken over, and what it has not. */
export function describeForked(forked: Forked): string {
  const { run, from, at, kept } = forked;
  const begins =
    kept.length > 0
      ? `begins with ${countText(kept.length, 'step')} of ${from}, up to its record ${at}`
      : `keeps nothing of ${from}: every step is made anew, as in a new run`;
  return [`${run} ${begins}.`, ...outlineLines(forked), ...beyondLines(forked)].join('\n');
}

/** How the definitions differ and what migrating would mean. */
export function describeMigration({ run, changes, patch, outline }: Migration): string {
  const title =
    outline.kept.length > 0
      ? `On the current definition ${countText(outline.kept.length, 'step')} of ${run} would keep what they have done:`
      : `On the current definition nothing that ${run} has done could be kept:`;
  return [
    `What has changed since ${run} began:`,
    ...changes.map((change) => `  ${change}`),
    '',
    patch,
    '',
    title,
    ...outlineLines(outline),
    ...beyondLines(outline),
  ].join('\n');
}

function outlineLines({ kept, anew, gone, applied }: ForkOutline): string[] {
  return [
    ...kept.map(({ name }) => `  ✓ ${name}, kept`),
    ...anew.map(({ name, why }) => `  · ${name}, made anew: ${why}`),
    ...gone.map(({ name }) => `  » ${name}, gone from the workflow`),
    ...applied.map(({ proposal, commit }) => `  on the branch already: ${proposal} as ${commit.slice(0, 8)}`),
  ];
}

/** What is on the branch, or has left, although the fork does not build on it. */
function beyondLines({ from, beyond, sent, inDoubt }: ForkOutline): string[] {
  const commits = beyond.map(
    ({ proposal, commit }) =>
      `  ${proposal} as ${commit.slice(0, 8)}; take it back: cairn revert ${proposal}`,
  );
  const left = [
    ...sent.map(({ effect }) => `  sent: ${effect}`),
    ...inDoubt.map(({ effect }) => `  may have been sent: ${effect}`),
  ];
  return [
    ...(commits.length > 0 ? ['On the branch as well, though not part of the fork:', ...commits] : []),
    ...(left.length > 0 ? [`Done outside by ${from}, though not part of the fork:`, ...left] : []),
    ...(left.length > 0 ? [`  take it back: cairn revert ${from}`] : []),
  ];
}
