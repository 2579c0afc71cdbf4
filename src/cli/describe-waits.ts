import { isQuestion, limitText, waitText } from '../protocol/waits.ts';
import type { Question, RunWait } from '../protocol/waits.ts';

/** What a run's steps wait for, each with the command that brings it on; decisions are told with their proposals. */
export function describeWaits(run: string, waits: readonly RunWait[], nowMs: number): string {
  return waits
    .filter(({ wait }) => wait.for !== 'decision')
    .map((one) => [describeWait(one, nowMs), ...commandsFor(run, one)].join('\n'))
    .join('\n');
}

/** `Ask waits for your answer: Which one? (a / b)`. */
export function describeWait(one: RunWait, nowMs: number): string {
  if (!isQuestion(one)) return `${one.name} ${waitText(one.wait, nowMs)}`;
  return `${one.name} waits for your answer: ${describeQuestion(one)}${limitText(one.wait, nowMs)}`;
}

export function describeQuestion({ wait }: Question): string {
  return `${wait.question} (${wait.options.join(' / ')})`;
}

function commandsFor(run: string, { step, attempt = 1, wait }: RunWait): string[] {
  switch (wait.for) {
    case 'answer':
      return wait.options.map(
        (option) => `  Answer: cairn answer ${run} ${askedStep(step, attempt)} ${quoted(option)}`,
      );
    case 'event':
      return [`  When it has happened: cairn signal ${run} ${wait.event}`];
    case 'occurrence':
      return ['  Looked for while the company is open in VS Code, or by: cairn worker'];
    case 'time':
    case 'retry':
      return [`  An open window goes on with it then, or: cairn resume ${run}`];
    case 'decision':
      return [];
  }
}

/** `ask@2`: the question that an attempt of a step asks; the first is meant where none is named. */
export function askedStep(step: string, attempt: number): string {
  return attempt > 1 ? `${step}@${attempt}` : step;
}

/** As a shell takes it for one word. */
export function quoted(text: string): string {
  return /^[\w.,:+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
