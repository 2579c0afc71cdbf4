import { APIConnectionTimeoutError, APIError } from 'openai';
import { AppError } from '../../base/failure.ts';
import { modelFailures } from '../../base/failures/models.ts';

const SAID_LENGTH = 200;
const CAUSES_DEEP = 8;
const CHECKED_AGAIN = new Set([408, 409, 425]);

/** A call that went wrong, as seen by the provider. */
export interface CallContext {
  /** Model and host, for people. */
  readonly who: string;
  readonly apiKey: string;
  /** The caller's own signal. */
  readonly signal: AbortSignal;
  /** Whether the provider's time limit ended the call. */
  readonly timedOut: boolean;
  /** Whether the server had agreed to answer. */
  readonly begun: boolean;
}

/**
 * What a call threw, as a failure that may be shown and journaled. The original is not attached: it
 * carries headers and the server's words, and servers have been seen to repeat keys.
 */
export function callFailure(thrown: unknown, context: CallContext): AppError {
  if (context.signal.aborted) {
    return context.signal.reason instanceof AppError ? context.signal.reason : modelFailures.cancelled();
  }
  if (thrown instanceof AppError) return thrown;
  if (context.timedOut || thrown instanceof APIConnectionTimeoutError) {
    return modelFailures.unavailable(context.who, 'it took too long to answer');
  }
  if (thrown instanceof APIError && typeof thrown.status === 'number') {
    return statusFailure(thrown, thrown.status, context);
  }
  const said = whatWasSaid(thrown, context.apiKey);
  return context.begun
    ? modelFailures.cutOff(context.who, said)
    : modelFailures.unavailable(context.who, said);
}

/** The server's own words: without the key, on one line, short. */
export function whatWasSaid(thrown: unknown, apiKey: string): string {
  const root = rootCause(thrown);
  const words = root instanceof Error ? root.message || root.name : String(root);
  const hidden = (apiKey === '' ? words : words.replaceAll(apiKey, '[key]'))
    .replace(/\b(sk|key)-[\w*.-]{6,}/g, '[key]')
    .replace(/\bBearer\s+\S+/g, '[key]');
  const line = hidden.replace(/\s+/g, ' ').trim().replace(/\.+$/, '');
  return line.length > SAID_LENGTH ? `${line.slice(0, SAID_LENGTH)}…` : line || 'no reason was given';
}

/** “fetch failed” says nothing; what it was caused by does (“connect ECONNREFUSED …”). */
function rootCause(thrown: unknown): unknown {
  let root = thrown;
  for (
    let depth = 0;
    depth < CAUSES_DEEP && root instanceof Error && root.cause instanceof Error;
    depth += 1
  ) {
    root = root.cause;
  }
  return root;
}

function statusFailure(thrown: APIError, status: number, context: CallContext): AppError {
  const { who } = context;
  if (status === 401 || status === 403) return modelFailures.badKey(who, status);
  if (status === 429 && thrown.code === 'insufficient_quota') return modelFailures.quotaSpent(who);
  if (status === 429) return modelFailures.limited(who, retryAfterMs(thrown.headers));
  if (thrown.code === 'content_filter') return modelFailures.filtered(who);
  const said = whatWasSaid(thrown, context.apiKey);
  if (status >= 500 || CHECKED_AGAIN.has(status)) return modelFailures.unavailable(who, said);
  return modelFailures.refused(who, said);
}

/** `Retry-After` in milliseconds: seconds or a date, as RFC 9110 10.2.3 has it. */
function retryAfterMs(headers: Headers | undefined): number | undefined {
  const value = headers?.get('retry-after') ?? '';
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value) * 1000;
  const sent = Date.parse(headers?.get('date') ?? '');
  const until = Date.parse(value);
  return Number.isNaN(until) || Number.isNaN(sent) ? undefined : Math.max(0, until - sent);
}
