import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { limits } from '../base/limits.ts';
import type { ScheduleTrigger } from '../contracts/trigger.ts';
import { dueAt, nextTime, scheduleFlaw, timesBetween } from './schedule.ts';

const hourMs = 3_600_000;

function trigger(cron: string, timezone = 'UTC', catchUp: ScheduleTrigger['catchUp'] = 'latest') {
  return { kind: 'schedule', name: cron, cron, timezone, catchUp, inputs: {}, index: 0 } as const;
}

/** The times from one instant to another, to the minute. */
function times(cron: string, timezone: string, from: string, to: string): string[] {
  const between = { afterMs: Date.parse(from), untilMs: Date.parse(to), limit: 100 };
  return timesBetween({ cron, timezone }, between).map((atMs) => new Date(atMs).toISOString().slice(0, 16));
}

describe('the clock changes', () => {
  /** The times of two days and nights from noon on. */
  const around = (cron: string, zone: string, day: string) => {
    const noon = Date.parse(`${day}T12:00Z`);
    return times(cron, zone, `${day}T12:00Z`, new Date(noon + 48 * hourMs).toISOString());
  };

  test.each([
    ['Europe/Berlin', '30 2 * * *', '2026-03-28', ['2026-03-29T01:00', '2026-03-30T00:30']],
    ['America/New_York', '30 2 * * *', '2026-03-07', ['2026-03-08T07:00', '2026-03-09T06:30']],
    ['Europe/Berlin', '15,45 2 * * 0', '2026-03-28', ['2026-03-29T01:00']],
    ['Australia/Lord_Howe', '15 2 * * 0', '2026-10-02', ['2026-10-03T15:30']],
  ])('%s: a time that does not exist on the spring day comes once (%s)', (zone, cron, day, expected) => {
    expect(around(cron, zone, day)).toEqual(expected);
  });

  test.each([
    ['Europe/Berlin', '30 2 * * *', '2026-10-24', ['2026-10-25T00:30', '2026-10-26T01:30']],
    ['America/New_York', '30 1 * * *', '2026-10-31', ['2026-11-01T05:30', '2026-11-02T06:30']],
    ['Europe/Berlin', '0,30 2 * * 0', '2026-10-24', ['2026-10-25T00:00', '2026-10-25T00:30']],
  ])('%s: a time that happens twice in autumn comes once (%s)', (zone, cron, day, expected) => {
    expect(around(cron, zone, day)).toEqual(expected);
  });

  test('what goes by the hour keeps its pace through both', () => {
    const spring = times('0 * * * *', 'Europe/Berlin', '2026-03-28T23:30Z', '2026-03-29T03:30Z');
    const autumn = times('0 * * * *', 'Europe/Berlin', '2026-10-24T22:30Z', '2026-10-25T02:30Z');
    expect([spring.length, autumn.length]).toEqual([4, 4]);
  });

  test('the wall clock stays the same before and after', () => {
    expect(times('0 9 * * 1', 'Europe/Berlin', '2026-03-20T00:00Z', '2026-04-01T00:00Z')).toEqual([
      '2026-03-23T08:00',
      '2026-03-30T07:00',
    ]);
  });
});

test('walking forward and looking back find the same times, in every zone and over every change', () => {
  const crons = [
    '30 2 * * *',
    '0,30 1,2,3 * * *',
    '*/20 * * * *',
    '0 */3 * * *',
    '0 9 * * 1-5',
    '0 0 L * *',
    '15 1 1 * *',
  ];
  const zones = [
    'UTC',
    'Europe/Berlin',
    'America/New_York',
    'America/Sao_Paulo',
    'Australia/Lord_Howe',
    'Asia/Kolkata',
  ];
  const starts = ['2026-03-07', '2026-03-28', '2026-10-03', '2026-10-24', '2026-10-31', '2018-11-03'].map(
    (day) => Date.parse(`${day}T00:00:00Z`),
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...crons),
      fc.constantFrom(...zones),
      fc.constantFrom(...starts),
      fc.integer({ min: 0, max: 48 * 60 }),
      (cron, timezone, startMs, minutes) => {
        const afterMs = startMs + minutes * 60_000;
        const untilMs = afterMs + 30 * hourMs;
        const forward: number[] = [];
        for (let at = nextTime({ cron, timezone }, afterMs); at !== undefined && at <= untilMs; ) {
          forward.push(at);
          at = nextTime({ cron, timezone }, at);
        }
        expect(timesBetween({ cron, timezone }, { afterMs, untilMs, limit: 1_000 })).toEqual(forward);
      },
    ),
    { numRuns: 100 },
  );
});

describe('dueAt', () => {
  const nineMs = Date.parse('2026-01-05T09:00:00Z');
  const hourly = '0 * * * *';

  test('a time is due at its instant and not a moment before', () => {
    const seenMs = nineMs - hourMs;
    expect(dueAt(trigger(hourly), { seenMs, nowMs: nineMs - 1 }).times).toEqual([]);
    expect(dueAt(trigger(hourly), { seenMs, nowMs: nineMs }).times).toEqual([nineMs]);
    expect(dueAt(trigger(hourly), { seenMs: nineMs, nowMs: nineMs + 1 }).times).toEqual([]);
  });

  test('after a night: none, the latest, or all of what passed', () => {
    const night = { seenMs: nineMs - 5 * hourMs, nowMs: nineMs + 20 * 60_000 };
    expect(dueAt(trigger(hourly, 'UTC', 'none'), night)).toEqual({ times: [], passedOver: 5, more: false });
    expect(dueAt(trigger(hourly), night)).toEqual({ times: [nineMs], passedOver: 4, more: false });
    const all = [4, 3, 2, 1, 0].map((hours) => nineMs - hours * hourMs);
    expect(dueAt(trigger(hourly, 'UTC', 'all'), night)).toEqual({ times: all, passedOver: 0, more: false });
  });

  test('a time that has only just come is run whatever is said of those that passed', () => {
    const morning = { seenMs: nineMs - 5 * hourMs, nowMs: nineMs + 10_000 };
    for (const catchUp of ['none', 'latest'] as const)
      expect(dueAt(trigger(hourly, 'UTC', catchUp), morning).times).toEqual([nineMs]);
  });

  test('all is bounded: the newest are run, and the rest is told', () => {
    const year = { seenMs: nineMs - 365 * 24 * hourMs, nowMs: nineMs };
    const due = dueAt(trigger('* * * * *', 'UTC', 'all'), year);
    expect([due.times.length, due.times.at(-1), due.more]).toEqual([limits.triggerCatchUps, nineMs, true]);
  });

  test('a clock that was set back makes nothing due', () => {
    expect(dueAt(trigger(hourly), { seenMs: nineMs, nowMs: nineMs - 3 * hourMs }).times).toEqual([]);
  });
});

describe('scheduleFlaw', () => {
  test.each([
    ['0 0 31 2 *', 'UTC', 'cron', /never comes/],
    ['0 0 30 2 *', 'Europe/Berlin', 'cron', /never comes/],
    ['soon', 'UTC', 'cron', /no schedule/],
    ['60 * * * *', 'UTC', 'cron', /minute/],
    ['* * * * * *', 'UTC', 'cron', /no schedule/],
    ['2030-01-01T00:00:00', 'UTC', 'cron', /a date/],
    ['@reboot', 'UTC', 'cron', /no schedule/],
    ['0 9 * * 1', 'Europe/Berlinn', 'timezone', /did you mean “Europe\/Berlin”/],
    ['0 9 * * 1', 'the moon', 'timezone', /not a time zone\./],
  ])('%s in %s', (cron, timezone, key, says) => {
    const flaw = scheduleFlaw({ cron, timezone });
    expect(flaw?.key).toBe(key);
    expect(flaw?.says).toMatch(says);
  });

  test.each(['0 9 * * 1', '0 0 29 2 *', '@daily', '0 9 * * mon-fri', '*/5 * * * *'])('%s is fine', (cron) => {
    expect(scheduleFlaw({ cron, timezone: 'Europe/Berlin' })).toBeUndefined();
  });
});
