import type { RunState } from '../contracts/run.ts';
import type { DeliverStep } from '../contracts/workflow.ts';

/** What a step may send: the file of an applied commit, and nothing else (promise P4). */
export interface ApprovedEffect {
  readonly commit: string;
  readonly path: string;
  /** Idempotency key: one for each commit, so that one decision does it once. */
  readonly key: string;
}

/** The last that was applied of what the step before has composed. */
export function approvedEffect(
  { id, steps, proposals }: Pick<RunState, 'id' | 'steps' | 'proposals'>,
  { id: step, composedBy, within }: DeliverStep,
): ApprovedEffect | undefined {
  const numbers = (steps.get(composedBy)?.attempts ?? []).flatMap(({ slot }) => slot?.n ?? []);
  const latest = numbers.toSorted((a, b) => b - a).find((n) => proposals.get(n)?.status.is === 'applied');
  const proposal = latest === undefined ? undefined : proposals.get(latest);
  if (proposal?.status.is !== 'applied') return undefined;
  const { commit } = proposal.status;
  const path = proposal.versions.at(-1)?.files[0]?.path;
  if (path === undefined) return undefined;
  return { commit, path, key: `${id}/${within?.step ?? step}/${commit.slice(0, 16)}` };
}

/** Whether an earlier attempt may have sent what the step would send now. */
export function mayHaveLeft(
  { doubts }: Pick<RunState, 'doubts'>,
  { step, attempt, key }: { readonly step: string; readonly attempt: number; readonly key: string },
): boolean {
  return [...doubts.values()].some(
    (sending) => sending.step === step && sending.key === key && sending.attempt !== attempt,
  );
}
