import { askDecision } from './ask-decision.ts';
import { describeProposal } from './describe-proposal.ts';
import { exitCodes } from './exit-codes.ts';
import { ProgressLines } from './progress-lines.ts';
import type { Shell } from './shell.ts';
import type { Cairn, Driven, ProposalSummary } from '../app/cairn.ts';
import { describeFailure } from '../base/failure.ts';
import type { RunState } from '../contracts/run.ts';
import { editableInput } from '../engine/edited-step.ts';

export interface DriveRequest {
  readonly run: string;
  /** Approve whatever waits. */
  readonly yes: boolean;
  /** Being stopped is what was asked for, not a failure. */
  readonly expectStop?: boolean;
  /** What a program is told besides. */
  readonly about?: Readonly<Record<string, unknown>>;
}

/** Drives a run as far as it goes, asking for decisions where somebody can answer, and tells how it ended. */
export async function driveToRest(shell: Shell, cairn: Cairn, request: DriveRequest): Promise<void> {
  const { terminal, signal } = shell;
  const progress = new ProgressLines(cairn, request.run, (line) => terminal.say(line));
  await progress.begin();
  try {
    for (;;) {
      const driven = await cairn.driveRun(request.run, signal);
      await progress.print();
      const waiting = driven === 'waiting' ? await waitingProposals(cairn, request.run) : [];
      if (waiting.length === 0 || !(await decideAll(shell, cairn, request, waiting))) {
        return conclude(shell, await cairn.showRun(request.run), request, { driven, waiting });
      }
    }
  } finally {
    progress.dispose();
  }
}

async function waitingProposals(cairn: Cairn, run: string): Promise<readonly ProposalSummary[]> {
  const proposals = await cairn.listProposals(run);
  return proposals.filter(({ awaiting }) => awaiting);
}

/** Whether anything was decided, so that the run can go on. */
async function decideAll(
  { terminal }: Shell,
  cairn: Cairn,
  { yes }: DriveRequest,
  waiting: readonly ProposalSummary[],
): Promise<boolean> {
  if (yes) {
    const seen = Object.fromEntries(waiting.map(({ id, current }) => [id, current.commit]));
    await cairn.decide({ proposals: Object.keys(seen), verdict: 'approve', seen });
    return true;
  }
  if (terminal.json || !process.stdin.isTTY) return false;
  let decided = false;
  for (const proposal of waiting) {
    terminal.say(`\n${describeProposal(proposal)}`);
    const answer = await askDecision(() => cairn.showDiff(proposal.id));
    if (answer === 'later') continue;
    await cairn.decide({
      proposals: [proposal.id],
      ...answer,
      seen: { [proposal.id]: proposal.current.commit },
    });
    decided = true;
    // The work comes back in another version, so what builds on it is not asked about now.
    if (answer.verdict !== 'approve') return true;
  }
  return decided;
}

interface Rest {
  readonly driven: Driven;
  readonly waiting: readonly ProposalSummary[];
}

function conclude(
  { terminal, finish }: Shell,
  state: RunState,
  request: DriveRequest,
  { driven, waiting }: Rest,
): void {
  const { id, status } = state;
  const answer = { ...request.about, run: id, status, driven, proposals: waiting };
  terminal.answer(answer, () => {
    if (driven === 'held')
      return `Another process executes ${id} and takes it from here. See: cairn show ${id}`;
    switch (status.is) {
      case 'succeeded':
        return `\nDone: ${id}`;
      case 'stopped':
        return `\nStopped: ${id}. ${status.why}`;
      case 'failed':
        return `\nFailed: ${id}. ${describeFailure(status.failure)}\n${remedyCommands(state)}`;
      case 'running':
        return `\nInterrupted: ${id}. Everything done is kept.\nGo on: cairn resume ${id}`;
      case 'waiting':
        return `\n${id} waits for ${status.for}.\n${nextCommands(id, waiting)}`;
    }
  });
  if (driven === 'held') return;
  if (status.is === 'waiting') finish(exitCodes.waiting);
  if (status.is === 'failed' || status.is === 'running' || (status.is === 'stopped' && !request.expectStop))
    finish(exitCodes.failed);
}

/** What the operator can do about a failed run, as commands. */
function remedyCommands({ id, status, steps, proposals }: RunState): string {
  const failed = status.is === 'failed' ? status.step : undefined;
  const step = failed === undefined ? undefined : steps.get(failed)?.step;
  const lines = [`Try again: cairn retry ${id}`];
  if (step && Object.keys(editableInput(step)).length > 0) {
    const [name = ''] = Object.keys(editableInput(step));
    lines.push(`With another input: cairn retry ${id} --step ${step.id} --with ${name}=…`);
  }
  if (step && step.kind !== 'gate') lines.push(`Go on without it: cairn skip ${id} ${step.id} --why …`);
  const applied = [...proposals.values()].some((proposal) => proposal.status.is === 'applied');
  if (applied) lines.push(`Take back what was applied: cairn revert ${id}`);
  return lines.join('\n');
}

function nextCommands(run: string, waiting: readonly ProposalSummary[]): string {
  if (waiting.length === 0) return `Go on: cairn resume ${run}`;
  const ids = waiting.map(({ id, current }) => `${id}@${current.version}`).join(' ');
  return `Look: cairn proposals --diff\nDecide: cairn approve ${ids}`;
}
