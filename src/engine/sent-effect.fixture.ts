import { proposalVersion } from '../../test/fixtures/recorded-run.ts';
import type { RunEvent } from '../contracts/journal.ts';
import { noCost } from '../contracts/proposal.ts';
import type { EffectStep } from '../contracts/workflow.ts';

/** An effect that can be taken back. */
export const post: EffectStep = {
  kind: 'effect',
  id: 'post',
  name: 'Post',
  needs: [],
  timeoutMs: 60_000,
  maxAttempts: 3,
  outgoing: { connector: 'shop', operation: 'publish', with: { title: 'a' } },
  compensate: { operation: 'unpublish', with: {} },
};
/** Its first attempt, and the three steps that carry it out. */
export const postExpanded: RunEvent[] = [
  started('post', 1),
  { type: 'step.expanded', step: 'post', attempt: 1, data: { input: {}, parts: [{ id: 'post' }] } },
];

export function started(step: string, attempt: number, n?: number): RunEvent {
  const slot = n === undefined ? {} : { proposal: { n, version: 1 } };
  return { type: 'step.started', step, attempt, data: { key: `r/${step}/${attempt}`, ...slot } };
}

/** The `n`-th proposal is composed, approved and applied, and its delivery begins. */
export function begun(n: number, title: string): RunEvent[] {
  const commit = String(n).repeat(40);
  const file = { path: 'o.md', kind: 'added', added: 1, removed: 0, binary: false } as const;
  const proposal = { ...proposalVersion({ n, version: 1, commit }), files: [file] };
  const by = { verdict: 'approve', by: 'operator', who: 'Ada' } as const;
  return [
    started('post.compose', n, n),
    {
      type: 'step.completed',
      step: 'post.compose',
      attempt: n,
      data: { input: { with: { title } }, output: {}, cost: noCost, sources: [], proposal },
    },
    { type: 'decision.made', data: { n, version: 1, commit, ...by } },
    { type: 'apply.started', data: { n, commit, head: commit, branch: 'main', paths: [] } },
    { type: 'apply.completed', data: { n, commit } },
    {
      type: 'step.completed',
      step: 'post.approve',
      attempt: n,
      data: { input: {}, output: {}, cost: noCost, sources: [] },
    },
    started('post.deliver', n),
  ];
}
