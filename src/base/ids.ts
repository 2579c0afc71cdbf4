import type { Clock } from './clock.ts';
import type { Random } from './random.ts';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A ULID: 48 bits of time, 80 of randomness, sortable. Source: github.com/ulid/spec. */
export function ulid(clock: Clock, random: Random): string {
  let time = '';
  let rest = clock.now();
  for (let i = 0; i < 10; i += 1) {
    time = CROCKFORD.charAt(rest % 32) + time;
    rest = Math.floor(rest / 32);
  }
  return time + randomLetters(random, 16);
}

/** A run's id: the day, the workflow and four letters, so that `git log` reads well and ids sort by day. */
export function runId(workflow: string, clock: Clock, random: Random): string {
  const day = new Date(clock.now()).toISOString().slice(0, 10).replaceAll('-', '');
  return `${day}-${workflow}-${randomLetters(random, 4).toLowerCase()}`;
}

function randomLetters(random: Random, count: number): string {
  return Array.from({ length: count }, () =>
    CROCKFORD.charAt(Math.floor(random.next() * CROCKFORD.length)),
  ).join('');
}
