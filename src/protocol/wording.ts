/** Amounts in words, the same in every view. Pure; free of the editor's and the browser's locale. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `40 ms`, `4.2 s`, `3 min 12 s`, `2 h 5 min`, `3 days`. */
export function durationText(ms: number): string {
  const rest = Math.max(0, ms);
  if (rest < SECOND) return `${Math.round(rest)} ms`;
  if (rest < 10 * SECOND) return `${trimmed((rest / SECOND).toFixed(1))} s`;
  if (rest < MINUTE - SECOND / 2) return `${Math.round(rest / SECOND)} s`;
  if (rest < HOUR - SECOND / 2) return twoUnits(Math.round(rest / SECOND), 60, 'min', 's');
  if (rest < DAY) return twoUnits(Math.round(rest / MINUTE), 60, 'h', 'min');
  const days = Math.round(rest / DAY);
  return days === 1 ? '1 day' : `${days} days`;
}

/** `just now`, `5 min ago`, `3 h ago`, `2 days ago`. */
export function ageText(atMs: number, nowMs: number): string {
  const age = Math.max(0, nowMs - atMs);
  if (age < MINUTE) return 'just now';
  if (age < HOUR) return `${Math.floor(age / MINUTE)} min ago`;
  if (age < DAY) return `${Math.floor(age / HOUR)} h ago`;
  const days = Math.floor(age / DAY);
  return days === 1 ? 'yesterday' : `${days} days ago`;
}

/** `now`, `in 5 min`, `in 3 h 10 min`, `in 2 days`. */
export function untilText(atMs: number, nowMs: number): string {
  const ahead = atMs - nowMs;
  if (ahead <= 0) return 'now';
  return `in ${durationText(Math.max(MINUTE, Math.round(ahead / MINUTE) * MINUTE))}`;
}

/** What began a run: `started by Ada` by hand, `forked from …`, else the trigger in its words. */
export function beginningText({ by, trigger }: { readonly by: string; readonly trigger: string }): string {
  if (trigger.startsWith('fork of ')) return trigger.replace('fork of ', 'forked from ');
  return trigger === 'manual' || trigger === 'revert'
    ? `started by ${personText(by)}`
    : `started by ${trigger}`;
}

/**
 * A moment to come, in the time zone of whoever looks: `14:05` within the same day, `14:05:09` within a minute,
 * `2026-12-01 14:05` later, and in another day.
 */
export function momentText(atMs: number, nowMs: number): string {
  const at = new Date(atMs);
  const [hours, minutes, seconds] = [at.getHours(), at.getMinutes(), at.getSeconds()].map(twoDigits);
  if (Math.abs(atMs - nowMs) < MINUTE) return `${hours}:${minutes}:${seconds}`;
  const time = `${hours}:${minutes}`;
  if (at.toDateString() === new Date(nowMs).toDateString()) return time;
  return `${at.getFullYear()}-${twoDigits(at.getMonth() + 1)}-${twoDigits(at.getDate())} ${time}`;
}

/** `$1.23`, `$0.0042`, `< $0.0001`; `no cost` for nothing. */
export function moneyText(usd: number): string {
  if (usd <= 0) return 'no cost';
  if (usd < 0.0001) return '< $0.0001';
  return usd < 0.1 ? `$${usd.toFixed(4)}` : `$${usd.toFixed(2)}`;
}

/** `950 tokens`, `1.5k tokens`, `2.4M tokens`. */
export function tokensText(tokens: number): string {
  if (tokens < 1000) return tokens === 1 ? '1 token' : `${tokens} tokens`;
  if (tokens < 999_950) return `${trimmed((tokens / 1000).toFixed(1))}k tokens`;
  return `${trimmed((tokens / 1_000_000).toFixed(1))}M tokens`;
}

/** `1 file`, `3 files`. */
export function countText(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}

/** `950 bytes`, `1.5 kB`, `2.4 MB`, `3 GB`: of a thousand each. */
export function bytesText(bytes: number): string {
  if (bytes < 1000) return countText(bytes, 'byte');
  if (bytes < 999_950) return `${trimmed((bytes / 1000).toFixed(1))} kB`;
  if (bytes < 999_950_000) return `${trimmed((bytes / 1_000_000).toFixed(1))} MB`;
  return `${trimmed((bytes / 1_000_000_000).toFixed(1))} GB`;
}

const MOST_NAMED = 3;

/** `Draft, Edit`, `Draft, Edit, Check and 4 more`. */
export function namesText(names: readonly string[]): string {
  const rest = names.length - MOST_NAMED;
  const named = names.slice(0, MOST_NAMED).join(', ');
  return rest > 0 ? `${named} and ${rest} more` : named;
}

/** `86%`, of a share between 0 and 1. */
export function percentText(share: number): string {
  return `${Math.round(share * 100)}%`;
}

/** The operator's name without the mail address. */
export function personText(who: string): string {
  return who.replace(/\s*<[^>]*>\s*$/, '') || who;
}

function twoDigits(amount: number): string {
  return String(amount).padStart(2, '0');
}

function trimmed(decimal: string): string {
  return decimal.replace(/\.0$/, '');
}

function twoUnits(amount: number, per: number, large: string, small: string): string {
  const rest = amount % per;
  const whole = `${Math.floor(amount / per)} ${large}`;
  return rest === 0 ? whole : `${whole} ${rest} ${small}`;
}

/** `May have been sent: Announce (publish through shop).`: effects in doubt; nothing where there are none. */
export function doubtText(effects: readonly string[]): string {
  return effects.length === 0 ? '' : `May have been sent: ${effects.join(', ')}.`;
}
