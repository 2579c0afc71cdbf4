import { momentText } from './wording.ts';
import type { GateOpening, OccurrenceWait, Wait } from '../contracts/run.ts';
import { watchText } from '../contracts/trigger.ts';

/** What a waiting step waits for: a gate for decisions, another step for what it says. */
export type StepWait =
  | Exclude<Wait, OccurrenceWait>
  | Omit<OccurrenceWait, 'known'>
  | ({ readonly for: 'decision' } & Pick<GateOpening, 'question' | 'untilMs' | 'otherwise'>)
  /** Another try, after something that may pass by itself. */
  | { readonly for: 'retry'; readonly untilMs: number; readonly why?: string | undefined };

/** A step of a run that waits. */
export interface RunWait {
  readonly step: string;
  readonly name: string;
  /** Which attempt asks, where a question is asked: an answer is to that one. */
  readonly attempt?: number | undefined;
  readonly wait: StepWait;
}

/** A step that waits for the operator's choice. */
export interface Question extends RunWait {
  readonly attempt: number;
  readonly wait: Extract<Wait, { for: 'answer' }>;
}

export function isQuestion(one: RunWait): one is Question {
  return one.wait.for === 'answer';
}

/** `waits until 14:05`, `waits for “rain”, until 14:05 at the latest, then it fails`: what a step waits for, in words. */
export function waitText(wait: StepWait, nowMs: number): string {
  switch (wait.for) {
    case 'decision':
      return `waits for your decision${limitText(wait, nowMs)}`;
    case 'time':
      return `waits until ${momentText(wait.untilMs, nowMs)}`;
    case 'event':
      return `waits for “${wait.event}”${limitText(wait, nowMs)}`;
    case 'occurrence':
      return `waits for ${watchText(wait.watch)}${limitText(wait, nowMs)}`;
    case 'answer':
      return `waits for your answer${limitText(wait, nowMs)}`;
    case 'retry':
      return retryText('again', wait, nowMs);
  }
}

type RetryWait = Extract<StepWait, { for: 'retry' }>;

/** `waits until 14:03:10 to try Draft, Check again: No answer.`: of the steps that are tried again, the first one's time. */
export function retriesText(waits: readonly RunWait[], nowMs: number): string | undefined {
  const tries = waits.flatMap(({ name, wait }) => (wait.for === 'retry' ? [{ name, wait }] : []));
  const [first] = tries.toSorted((a, b) => a.wait.untilMs - b.wait.untilMs);
  return first && retryText(`${tries.map(({ name }) => name).join(', ')} again`, first.wait, nowMs);
}

function retryText(what: string, { untilMs, why }: RetryWait, nowMs: number): string {
  const text = `waits until ${momentText(untilMs, nowMs)} to try ${what}`;
  return why === undefined ? text : `${text}: ${why}`;
}

/** Whether time has moved a run on by now, and nobody has gone on with it. */
export function isDue({ wakesAtMs }: { readonly wakesAtMs?: number | undefined }, nowMs: number): boolean {
  return wakesAtMs !== undefined && wakesAtMs <= nowMs;
}

interface Shown {
  readonly status: string;
  readonly statusText: string;
  readonly waits: readonly RunWait[];
}

/** A run's state in a sentence; a moment in the time zone of whoever looks. */
export function statusLine({ status, statusText, waits: [first] }: Shown, nowMs: number): string {
  if (status !== 'waiting' || first?.wait.for !== 'time') return statusText;
  const text = waitText(first.wait, nowMs);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const verdicts: Readonly<Record<string, string>> = { approve: 'approved', reject: 'rejected' };

/** Until when, and what comes of it then; nothing where there is no limit. */
export function limitText(
  wait: Extract<StepWait, { for: 'decision' | 'event' | 'occurrence' | 'answer' }>,
  nowMs: number,
): string {
  const { untilMs, otherwise } = wait;
  if (untilMs === undefined) return '';
  const until = `, until ${momentText(untilMs, nowMs)} at the latest`;
  if (otherwise === undefined) return `${until}, then it fails`;
  if (wait.for === 'decision') return `${until}, then it is ${verdicts[otherwise] ?? otherwise}`;
  return `${until}, then “${otherwise}”`;
}
