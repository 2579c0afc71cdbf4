import type { Command } from 'commander';
import { yes } from './drive-options.ts';
import type { DriveOptions } from './drive-options.ts';
import { chosen } from '../ask-choice.ts';
import { askedStep, describeQuestion } from '../describe-waits.ts';
import { canAsk } from '../dialog.ts';
import { askQuestion, driveToRest } from '../drive.ts';
import { exitCodes } from '../exit-codes.ts';
import { withCairn } from '../shell.ts';
import type { Shell } from '../shell.ts';
import type { Cairn } from '../../app/cairn.ts';
import type { Answer } from '../../app/order-run.ts';
import { appFailures } from '../../base/failures/app.ts';
import { runWaits } from '../../insight/waits.ts';
import { isQuestion } from '../../protocol/waits.ts';
import type { Question } from '../../protocol/waits.ts';

/** What is said to steps that wait: the operator's choice, and what has happened outside. */
export function addAnswering(program: Command, shell: Shell): void {
  program
    .command('answer <run> [step] [choice]')
    .description(
      'give your choice, or its number, to a step that asks (STEP@2: its second attempt); a terminal asks you',
    )
    .option(...yes)
    .action(async (part: string, step: string | undefined, choice: string | undefined, ...rest: Rest) => {
      const [options, command] = rest;
      await withCairn(shell, command, async (cairn) => {
        const run = await cairn.findRun(part);
        const answer = await answerOf(shell, cairn, run, { step, choice });
        if (!answer) return shell.finish(exitCodes.waiting);
        await cairn.answer(run, answer);
        await driveToRest(shell, cairn, { run, yes: options.yes ?? false });
      });
    });

  program
    .command('signal <run> <event> [text]')
    .description('tell a run that something has happened which it waits for, now or later')
    .option(...yes)
    .action(async (part: string, event: string, text: string | undefined, ...rest: Rest) => {
      const [options, command] = rest;
      await withCairn(shell, command, async (cairn) => {
        const run = await cairn.findRun(part);
        await cairn.signal(run, { event, text: text ?? '' });
        await driveToRest(shell, cairn, { run, yes: options.yes ?? false });
      });
    });
}

type Rest = [options: DriveOptions, command: Command];

interface Given {
  readonly step: string | undefined;
  readonly choice: string | undefined;
}

/** What was typed, and what is asked for where something is left out; nothing for later. Throws `usage`. */
async function answerOf(
  { terminal }: Shell,
  cairn: Cairn,
  run: string,
  { step, choice }: Given,
): Promise<Answer | undefined> {
  const questions = runWaits(await cairn.showRun(run)).filter(isQuestion);
  const written = /^(.*)@(\d+)$/.exec(step ?? '');
  const named = written?.[1] ?? step;
  if (named !== undefined && choice !== undefined) {
    const asked = questions.find((question) => question.step === named);
    // What is no question is told where the answer is given.
    if (!asked) return { step: named, choice, attempt: Number(written?.[2] ?? 1) };
    const attempt = written ? Number(written[2]) : await onlyAttempt(cairn, run, asked);
    return { step: named, choice: chosenIn(asked, choice) ?? choice, attempt };
  }
  const fitting = questions.filter((question) => named === undefined || question.step === named);
  const [question] = fitting;
  if (!question || fitting.length > 1 || terminal.json || !canAsk()) {
    throw appFailures.answerIncomplete(run, fitting.map(lineOf));
  }
  const typed = await askQuestion(terminal, question);
  const { step: asking, attempt } = question;
  return typed === undefined ? undefined : { step: asking, attempt, choice: typed };
}

/** The attempt that asks, as long as no other one of the step has: which was seen would be a guess. Throws `usage`. */
async function onlyAttempt(cairn: Cairn, run: string, { step, name, attempt }: Question): Promise<number> {
  const asked = (await cairn.showJournal(run)).filter(
    ({ event }) => event.type === 'step.waiting' && event.step === step && event.data.wait.for === 'answer',
  );
  if (asked.length > 1) throw appFailures.answerOfWhich(name, askedStep(step, attempt));
  return attempt;
}

function chosenIn({ wait }: Question, choice: string): string | undefined {
  return chosen(wait.options, choice);
}

function lineOf(question: Question): string {
  return `${question.step}: ${describeQuestion(question)}`;
}
