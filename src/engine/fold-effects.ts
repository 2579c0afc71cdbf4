import { approvedEffect } from './approved-effect.ts';
import type { Folding } from './folding.ts';
import { isObject, type Json } from '../base/json.ts';
import type { RunEventOf } from '../contracts/journal.ts';
import type { StepState } from '../contracts/run.ts';
import type { Sending } from '../contracts/sending.ts';

/**
 * Invariant: from the record that permits an attempt to do something outside, to the one that says what came of it,
 * the effect is in doubt. So whatever ends the run, or begins its step anew in between, leaves it so.
 */
export function beginSending(
  state: Folding,
  at: StepState,
  { attempt, data }: RunEventOf<'step.started'>,
  atMs: number,
): void {
  if (isTakenOver(state)) return;
  const sending = sendingOf(state, at, attempt, atMs);
  if (sending) state.doubts.set(data.key, sending);
}

/** The step is done: by a delivery, unless the operator did it by hand. */
export function endSending(
  state: Folding,
  at: StepState,
  { attempt, data: { input, output } }: RunEventOf<'step.completed'>,
  atMs: number,
): void {
  const isByHand = at.status.is === 'waiting' && at.status.for === 'answer' && at.status.byHand;
  const sending = currentSending(state, at) ?? sendingOf(state, at, attempt, atMs);
  const key = stringIn(input, 'key') ?? (isByHand ? undefined : sending?.key);
  if (key === undefined || !sending) return;
  deliver(state, { ...sending, key, with: memberOf(input, 'with') ?? sending.with, atMs }, receiptIn(output));
}

/** The attempt has certainly not done it. */
export function endUnsent(state: Folding, { step, attempt }: Pick<Sending, 'step' | 'attempt'>): void {
  forget(state, (sending) => sending.step === step && sending.attempt === attempt);
}

/** The operator, who was asked, says that it was not done, by whatever attempt. */
export function denySending(state: Folding, at: StepState): void {
  const asked = currentSending(state, at);
  if (at.status.is !== 'waiting' || !asked) return;
  forget(state, ({ step, key }) => step === asked.step && key === asked.key);
}

/** What became of an effect whose step waits for nothing any more; without a receipt it stays in doubt. */
export function noteSending(state: Folding, { data }: RunEventOf<'effect.noted'>, atMs: number): void {
  const { step, key, receipt } = data;
  const sending = [...state.doubts.values()].find((one) => one.step === step && one.key === key);
  if (receipt === undefined || !sending) return;
  deliver(state, { ...sending, with: data.with ?? sending.with, atMs }, receipt);
}

function deliver(state: Folding, sending: Sending, receipt: Json): void {
  forget(state, ({ step, key }) => step === sending.step && key === sending.key);
  state.delivered.set(sending.key, { ...sending, receipt });
}

function forget(state: Folding, isMeant: (sending: Sending) => boolean): void {
  for (const [key, sending] of [...state.doubts]) if (isMeant(sending)) state.doubts.delete(key);
}

function currentSending(state: Folding, { attempts }: StepState): Sending | undefined {
  return state.doubts.get(attempts.at(-1)?.key ?? '');
}

/** What the step sends as things stand; nothing where nothing is approved. */
function sendingOf(state: Folding, at: StepState, attempt: number, atMs: number): Sending | undefined {
  const { step } = at;
  if (step.kind !== 'deliver') return undefined;
  const effect = state.steps.get(step.within?.step ?? '')?.step;
  const approved = approvedEffect(state, step);
  if (effect?.kind !== 'effect' || !approved) return undefined;
  const composed = state.steps.get(step.composedBy)?.status;
  const given = composed?.is === 'succeeded' ? (memberOf(composed.result.input, 'with') ?? {}) : {};
  return { step: at.id, attempt, ...approved, effect, with: given, atMs };
}

/** What a fork has taken over was sent by the other run, or is in doubt there. */
function isTakenOver({ at, forked }: Folding): boolean {
  return at <= (forked?.records ?? 0);
}

function receiptIn(output: Json): Json {
  return memberOf(output, 'receipt') ?? null;
}

function stringIn(value: Json, name: string): string | undefined {
  const member = memberOf(value, name);
  return typeof member === 'string' ? member : undefined;
}

function memberOf(value: Json, name: string): Json | undefined {
  return isObject(value) ? value[name] : undefined;
}
