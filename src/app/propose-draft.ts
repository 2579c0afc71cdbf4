import { knownSecrets } from './connector-secrets.ts';
import type { Ports } from './ports.ts';
import { undecidedBefore } from './visible-files.ts';
import { appFailures } from '../base/failures/app.ts';
import type { Cost, ProposalVersion } from '../contracts/proposal.ts';
import type { FileEdit, Identity } from '../contracts/repository.ts';
import type { Attempt, RunState, SourceRef } from '../contracts/run.ts';
import { refuseSecrets } from '../policy/secrets.ts';
import { confidenceOf } from '../review/confidence.ts';
import { assessRisk } from '../review/risk.ts';
import { commitMessage } from '../review/trailers.ts';

export interface DraftToPropose {
  readonly state: RunState;
  readonly step: string;
  readonly attempt: Attempt;
  readonly agent: string;
  readonly model: string;
  readonly intent: string;
  readonly unlocks: string;
  readonly edits: readonly FileEdit[];
  readonly sources: readonly SourceRef[];
  readonly grounding: number | null;
  /** Whether the attempt was given text from outside, whatever of it was cited (promise P7). */
  readonly tainted: boolean;
  readonly cost: Cost;
}

/**
 * Makes the proposal of an attempt: objects and hidden refs, nothing of the operator's (promise P1).
 * Nothing is made, and nothing returned, when the edits leave everything as it is.
 */
export async function proposeDraft(
  ports: Ports,
  draft: DraftToPropose,
): Promise<ProposalVersion | undefined> {
  const { state, attempt } = draft;
  const { slot } = attempt;
  if (!slot) throw new Error(`${draft.step} has no place for a proposal`);
  const base = await baseOf(ports, draft);
  const edits = await changing(ports, base.commit, draft.edits);
  if (edits.length === 0) return undefined;
  refuseSecrets(edits.flatMap(textOf), await knownSecrets(ports));
  const tainted = state.tainted || draft.tainted;
  const version = {
    ...slot,
    ...(base.on === undefined ? {} : { on: base.on }),
    agent: draft.agent,
    model: draft.model,
    intent: draft.intent,
    unlocks: draft.unlocks,
    confidence: confidenceOf({ checks: null, grounding: draft.grounding, judgement: null, history: null }),
    cost: draft.cost,
    sources: draft.sources.map(({ uri }) => uri),
    tainted,
  };
  const proposed = await ports.repository.propose({
    run: state.id,
    ...slot,
    base: base.commit,
    edits,
    author: agentIdentity(state, draft.agent),
    atMs: attempt.startedAtMs,
    message: commitMessage({ run: state.id, step: draft.step, proposal: version }),
  });
  const files = [...proposed.files];
  return {
    ...version,
    commit: proposed.commit,
    base: base.commit,
    files,
    risk: assessRisk({ files, tainted }),
  };
}

/** Who signs what is composed to be sent: no agent wrote it. */
export const outboxAgent = 'outbox';

/** An agent signs as the author of what it made; whoever approves becomes the committer. */
export function agentIdentity(state: RunState, agent: string): Identity {
  const name =
    state.definition.agents.find(({ id }) => id === agent)?.name ??
    (agent === outboxAgent ? 'Outbox' : 'Undo');
  return { name: `${name} (Cairn)`, email: `${agent}@cairn.invalid` };
}

/** Undecided work on the same files is built upon; anything else starts from HEAD. */
async function baseOf(
  ports: Ports,
  { state, step, edits }: DraftToPropose,
): Promise<{ commit: string; on?: number }> {
  const paths = new Set(edits.map(({ path }) => path));
  const below = undecidedBefore(state, step).filter(({ files }) => files.some(({ path }) => paths.has(path)));
  const top = below.at(-1);
  if (!top) return { commit: await ports.repository.head() };
  const chain = new Set<number>();
  for (let n: number | undefined = top.n; n !== undefined; n = state.proposals.get(n)?.versions.at(-1)?.on)
    chain.add(n);
  const beside = below.find(({ n }) => !chain.has(n));
  if (beside) {
    const shared = top.files.find(({ path }) => paths.has(path))?.path ?? '';
    throw appFailures.overlapping(shared, [beside.n, top.n]);
  }
  return { commit: top.commit, on: top.n };
}

async function changing(ports: Ports, base: string, edits: readonly FileEdit[]): Promise<FileEdit[]> {
  const kept: FileEdit[] = [];
  for (const edit of edits) {
    const before = await ports.repository.read(base, edit.path);
    if (!isSame(before, edit)) kept.push(edit);
  }
  return kept;
}

function textOf(edit: FileEdit) {
  return 'content' in edit && typeof edit.content === 'string'
    ? [{ path: edit.path, text: edit.content }]
    : [];
}

function isSame(before: Uint8Array | undefined, edit: FileEdit): boolean {
  if ('deleted' in edit) return before === undefined;
  const after = typeof edit.content === 'string' ? new TextEncoder().encode(edit.content) : edit.content;
  return (
    before !== undefined && before.length === after.length && before.every((byte, i) => byte === after[i])
  );
}
