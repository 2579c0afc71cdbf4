import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { lives, liveThrough, replayed } from './histories.ts';
import type { JournalRecord, RunEvent } from '../../src/contracts/journal.ts';

test('P5: every history replays to its last record, however often its process died, whatever was ordered', async () => {
  const seen = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(lives, async (life) => {
      const lived = await liveThrough(life);
      for (const { event } of lived.records) seen.set(event.type, (seen.get(event.type) ?? 0) + 1);
      expect(await replayed(lived)).toEqual({ is: 'same', records: lived.records.length });
    }),
    { numRuns: 1000 },
  );
  for (const type of [
    'run.failed',
    'run.stopped',
    'step.retried',
    'step.sent-back',
    'step.skipped',
    'decision.refused',
    'apply.blocked',
  ])
    expect(seen.get(type) ?? 0, type).toBeGreaterThan(50);
});

test('P5: a record that the engine would not have made there is found', async () => {
  const found = { changed: 0, dropped: 0, swapped: 0 };
  await fc.assert(
    fc.asyncProperty(lives, fc.nat(), async (life, place) => {
      const lived = await liveThrough(life);
      for (const how of ['changed', 'dropped', 'swapped'] as const) {
        const records = changes[how](lived.records, place);
        if (!records) continue;
        const again = await replayed({
          ...lived,
          records: records.map((one, at) => ({ ...one, n: at + 1 })),
        });
        expect({ how, ...again, place }).toMatchObject({ is: 'different' });
        found[how] += 1;
      }
    }),
    { numRuns: 400 },
  );
  expect(Math.min(...Object.values(found))).toBeGreaterThan(150);
});

type Change = (records: readonly JournalRecord[], place: number) => readonly JournalRecord[] | undefined;

const changes: Readonly<Record<'changed' | 'dropped' | 'swapped', Change>> = {
  /** A consequence is another one. */
  changed: (records, place) => {
    const at = pick(records, place, (index) => changed(records[index]?.event) !== undefined);
    return at === undefined
      ? undefined
      : records.map((one, index) => (index === at ? withEvent(one, changed(one.event)) : one));
  },
  /** A consequence is missing, though its process went on by itself. An order may come at any moment. */
  dropped: (records, place) => {
    const at = pick(records, place, (index) => isConsequence(records, index) && isFollowed(records, index));
    return at === undefined ? undefined : records.filter((_, index) => index !== at);
  },
  /** An attempt ends before it begins. */
  swapped: (records, place) => {
    const at = pick(records, place, (index) => isAttemptAndOutcome(records[index], records[index + 1]));
    if (at === undefined) return undefined;
    return records.map((one, index) => {
      const other = index === at ? at + 1 : index === at + 1 ? at : index;
      return withEvent(one, records[other]?.event);
    });
  },
};

function pick(
  records: readonly JournalRecord[],
  place: number,
  fits: (index: number) => boolean,
): number | undefined {
  const fitting = [...records.keys()].filter(fits);
  return fitting[place % fitting.length];
}

function withEvent(record: JournalRecord, event: RunEvent | undefined): JournalRecord {
  return { ...record, event: event ?? record.event };
}

/** What the engine makes by itself, and nobody gives it. */
function isConsequence(records: readonly JournalRecord[], index: number): boolean {
  const event = records[index]?.event;
  if (event?.type === 'decision.made') return event.data.by === 'policy';
  if (event?.type === 'step.completed' || event?.type === 'step.failed') return isGate(records, event.step);
  // Another try is a matter of time: it may as well have come later.
  if (event?.type === 'step.started') return event.attempt === 1;
  return event?.type === 'gate.opened' || event?.type === 'run.completed' || event?.type === 'run.failed';
}

function isFollowed(records: readonly JournalRecord[], index: number): boolean {
  const next = records[index + 1];
  if (!next || next.epoch !== records[index]?.epoch || next.order !== undefined) return false;
  return !['run.stopped', 'decision.made', 'decision.refused', 'step.retried', 'step.skipped'].includes(
    next.event.type,
  );
}

function isGate(records: readonly JournalRecord[], step: string): boolean {
  return records.some(({ event }) => event.type === 'gate.opened' && event.step === step);
}

function isAttemptAndOutcome(first: JournalRecord | undefined, second: JournalRecord | undefined): boolean {
  if (first?.event.type !== 'step.started' || !second || !('step' in second.event)) return false;
  return second.epoch === first.epoch && second.event.step === first.event.step;
}

/** The event with another consequence; nothing for an event that has none. */
function changed(event: RunEvent | undefined): RunEvent | undefined {
  switch (event?.type) {
    case 'step.started':
      return { ...event, data: { ...event.data, key: `${event.data.key}0` } };
    case 'gate.opened':
      return {
        ...event,
        data: { ...event.data, proposals: [...event.data.proposals, { n: 99, version: 1 }] },
      };
    case 'step.sent-back':
      return { ...event, data: { ...event.data, resets: event.data.resets.slice(1) } };
    case 'step.failed': {
      const { retryAtMs, ...data } = event.data;
      return { ...event, data: retryAtMs === undefined ? { ...data, retryAtMs: 1 } : data };
    }
    case 'run.completed':
      return { type: 'run.stopped', data: { why: 'No reason', by: 'operator' } };
    default:
      return undefined;
  }
}
