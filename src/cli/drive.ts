import { askChoice } from './ask-choice.ts';
import { askDecision } from './ask-decision.ts';
import { conclude } from './conclude.ts';
import { describeProposal } from './describe-proposal.ts';
import { describeWait } from './describe-waits.ts';
import { canAsk } from './dialog.ts';
import { ProgressLines } from './progress-lines.ts';
import type { Shell } from './shell.ts';
import type { Terminal } from './terminal.ts';
import type { Cairn, ProposalSummary } from '../app/cairn.ts';
import { runWaits } from '../insight/waits.ts';
import { isQuestion } from '../protocol/waits.ts';
import type { Question } from '../protocol/waits.ts';

export interface DriveRequest {
  readonly run: string;
  /** Approve whatever waits. */
  readonly yes: boolean;
  /** Being stopped is what was asked for, not a failure. */
  readonly expectStop?: boolean;
  /** What a program is told besides. */
  readonly about?: Readonly<Record<string, unknown>>;
}

/** Drives a run as far as it goes, asking where somebody can answer, and tells how it ended. */
export async function driveToRest(shell: Shell, cairn: Cairn, request: DriveRequest): Promise<void> {
  const { terminal, signal } = shell;
  const progress = new ProgressLines(cairn, request.run, (line) => terminal.say(line));
  await progress.begin();
  try {
    for (;;) {
      const driven = await cairn.driveRun(request.run, signal);
      await progress.print();
      const waiting = driven === 'waiting' ? await waitingProposals(cairn, request.run) : [];
      const questions = driven === 'waiting' ? await waitingQuestions(cairn, request.run) : [];
      const answered = await answerAll(shell, cairn, request.run, questions);
      const decided = waiting.length > 0 && (await decideAll(shell, cairn, request, waiting));
      if (answered || decided) continue;
      const { expectStop = false } = request;
      return conclude(shell, await cairn.showRun(request.run), {
        driven,
        waiting,
        expectStop,
        about: request.about,
      });
    }
  } finally {
    progress.dispose();
  }
}

async function waitingProposals(cairn: Cairn, run: string): Promise<readonly ProposalSummary[]> {
  const proposals = await cairn.listProposals(run);
  return proposals.filter(({ awaiting }) => awaiting);
}

async function waitingQuestions(cairn: Cairn, run: string): Promise<readonly Question[]> {
  return runWaits(await cairn.showRun(run)).filter(isQuestion);
}

/** Whether anything was answered, so that the run can go on. */
async function answerAll(
  { terminal }: Shell,
  cairn: Cairn,
  run: string,
  questions: readonly Question[],
): Promise<boolean> {
  if (terminal.json || !canAsk()) return false;
  let answered = false;
  for (const question of questions) {
    const choice = await askQuestion(terminal, question);
    if (choice === undefined) continue;
    await cairn.answer(run, { step: question.step, attempt: question.attempt, choice });
    answered = true;
  }
  return answered;
}

/** Shows a question with its options and asks for one of them; nothing for later. */
export async function askQuestion(terminal: Terminal, question: Question): Promise<string | undefined> {
  const options = question.wait.options.map((option, place) => `  ${place + 1}. ${option}`);
  terminal.say(['', describeWait(question, Date.now()), ...options].join('\n'));
  return askChoice(question.wait.options);
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
  if (terminal.json || !canAsk()) return false;
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
