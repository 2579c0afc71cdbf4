import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { replayed } from './histories.ts';
import { appliedIn } from './outcome.ts';
import { gate, told, wait, writer } from './story.ts';
import { behaviours, workflows } from './workflows.ts';
import { World } from './world.ts';
import type { JournalRecord, RunEvent } from '../../src/contracts/journal.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** From what a server of time corrects to what a wrong date comes to. */
const jump = fc.record({
  moment: fc.integer({ min: 1, max: 40 }),
  byMs: fc
    .tuple(fc.constantFrom(-1, 1), fc.constantFrom(20, 1_000, 45_000, hourMs, 400 * dayMs))
    .map(([way, ms]) => way * ms),
});
const circumstances = fc.record({
  jumps: fc.array(jump, { minLength: 1, maxLength: 6 }),
  crashes: fc.array(fc.record({ append: fc.integer({ min: 1, max: 40 }), lost: fc.boolean() }), {
    maxLength: 3,
  }),
});
const minuteMs = 60_000;
const ask = { is: 'answer', question: 'a or b?', options: ['a', 'b'] } as const;
/** Everything that waits for a time. */
const timely = told([
  writer('a'),
  gate('ga', ['a'], { remindEveryMs: 10 * minuteMs }),
  wait('rest', { is: 'time', ms: hourMs }, 'ga'),
  writer('b', 'rest'),
  gate('gb', ['b'], { withinMs: hourMs, otherwise: 'approve', remindEveryMs: 20 * minuteMs }),
  wait('ask', { ...ask, withinMs: 40 * minuteMs, otherwise: 'a' }),
  wait('rain', { is: 'event', event: 'rain', withinMs: minuteMs }, 'ask'),
]);
const history = fc
  .oneof(workflows, fc.constant(timely))
  .chain((workflow) => fc.record({ workflow: fc.constant(workflow), behaviour: behaviours(workflow) }));

test('P2 P5: whenever the clock is set forward or back, a run ends, and nothing of it happens twice', async () => {
  const seen = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(history, circumstances, async ({ workflow, behaviour }, { jumps, crashes }) => {
      const world = new World(behaviour, crashes, { jumps });
      const state = await world.live(workflow);
      const records = await world.records();
      expect(['succeeded', 'failed', 'stopped']).toContain(state.status.is);
      expect(appliedIn(state).toSorted()).toEqual(world.branch.toSorted());
      expect([...state.delivered.keys()].toSorted()).toEqual(world.outside.toSorted());
      expect(doneTwice(records)).toEqual([]);
      expect(doneEarly(records)).toEqual([]);
      const life = { workflow, behaviour, crashes, stop: undefined };
      expect(await replayed({ life, records })).toEqual({ is: 'same', records: records.length });
      for (const { event } of records) seen.set(event.type, (seen.get(event.type) ?? 0) + 1);
    }),
    { numRuns: 200 },
  );
  for (const type of ['gate.reminded', 'step.waiting', 'step.failed', 'decision.made'])
    expect(seen.get(type) ?? 0, type).toBeGreaterThan(20);
});

/** What time leads to once for each attempt and each version, where it came to more. */
function doneTwice(records: readonly JournalRecord[]): string[] {
  const seen = new Set<string>();
  return records.flatMap(({ event }) => {
    const name = nameOf(event);
    // What others carry out is completed again when they are made anew.
    if (event.type === 'step.completed' && !seen.has(`step.waiting ${event.step}/${event.attempt}`))
      return [];
    if (name === undefined) return [];
    const isSecond = seen.has(name);
    seen.add(name);
    // The operator may take over what has expired: then it waits once more.
    return isSecond && event.type !== 'step.waiting' ? [name] : [];
  });
}

function nameOf(event: RunEvent): string | undefined {
  if (event.type === 'decision.made') return `decision ${event.data.n}.${event.data.version}`;
  const isOnce = once.has(event.type) && 'step' in event;
  return isOnce ? `${event.type} ${event.step}/${event.attempt}` : undefined;
}

const once: ReadonlySet<RunEvent['type']> = new Set([
  'step.started',
  'step.waiting',
  'step.completed',
  'step.failed',
  'gate.opened',
]);

interface Opening {
  reminded: number;
  readonly everyMs: number;
  readonly untilMs: number | undefined;
  readonly proposals: readonly number[];
}

/** Reminders and expiries that came before their time, by the time that the journal has for them. */
function doneEarly(records: readonly JournalRecord[]): string[] {
  const openings = new Map<string, Opening>();
  return records.flatMap(({ at, event }) => {
    // Policy asks about everything here, so what it decides is what a gate's time has come to.
    if (event.type === 'decision.made' && event.data.by === 'policy') {
      const isDue = [...openings.values()].some(
        ({ untilMs = Infinity, proposals }) => untilMs <= at && proposals.includes(event.data.n),
      );
      return isDue ? [] : [`decision on ${event.data.n}`];
    }
    if (!('step' in event)) return [];
    if (event.type === 'gate.opened') {
      const { remindEveryMs = Infinity, untilMs } = event.data;
      const proposals = event.data.proposals.map(({ n }) => n);
      openings.set(event.step, { reminded: at, everyMs: remindEveryMs, untilMs, proposals });
    }
    const opening = openings.get(event.step);
    if (!opening) return [];
    if (event.type === 'gate.reminded') {
      const isEarly = at - opening.reminded < opening.everyMs;
      opening.reminded = at;
      return isEarly ? [`${event.type} ${event.step}`] : [];
    }
    const isExpired = event.type === 'step.failed' && event.data.failure.code === 'wait.expired';
    return isExpired && at < (opening.untilMs ?? Infinity) ? [`expiry of ${event.step}`] : [];
  });
}
