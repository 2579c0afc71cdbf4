import { existsSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { keepTriggers, lookAtTriggers } from './keep-triggers.ts';
import type { Pause } from './keep-triggers.ts';
import { RunReader } from './run-reader.ts';
import { TriggerCompany } from './trigger-company.fixture.ts';
import type { TriggerNews } from './trigger-rounds.ts';
import { limits } from '../base/limits.ts';

const loop = (on: string) => `name: Loop\non: ${on}\nsteps:\n  ask: {gate: Good?}\n`;
const path = '.cairn/workflows/loop.yaml';
const hourly = loop('{schedule: [{cron: "0 * * * *"}]}');
const files = loop('{file: [{paths: "briefs/*"}]}');

let company: TriggerCompany;
afterEach(() => company.sandbox.dispose());

/** Keeps triggers with the test's own way to wait, until it aborts. */
async function keep(pause: (ms: number, stop: () => void, signal: AbortSignal) => Promise<void> | void) {
  const ports = await company.ports();
  const controller = new AbortController();
  const news: TriggerNews[] = [];
  const turns: boolean[] = [];
  const own: Pause = async (ms, signal) => pause(ms, () => controller.abort(), signal);
  const { signal } = controller;
  const keeping = {
    signal,
    onNews: (one: TriggerNews) => news.push(one),
    onTurn: (ours: boolean) => turns.push(ours),
  };
  await keepTriggers(ports, new RunReader(ports.runs), keeping, own);
  return { started: news.flatMap((one) => (one.is === 'started' ? [one.trigger] : [])), news, turns };
}

test('it sleeps until the next time, a minute at most, and never starts early', async () => {
  company = new TriggerCompany({ [path]: hourly });
  company.clock.advance(58.5 * 60_000);
  const pauses: number[] = [];
  const { started } = await keep((ms, stop) => {
    pauses.push(ms);
    if (pauses.length === 3) stop();
    company.clock.advance(ms);
  });
  expect(pauses).toEqual([60_000, 30_000, 60_000]);
  expect(started).toEqual(['schedule 0 * * * * at 2026-01-05T10:00Z']);
});

test('where no workflow has a trigger, nothing is written, until one has', async () => {
  company = new TriggerCompany({ [path]: loop('{manual: true}') });
  const folder = company.sandbox.path('.cairn/runs');
  const found: boolean[] = [];
  const { turns } = await keep((ms, stop) => {
    found.push(existsSync(folder));
    if (found.length === 3) stop();
    if (found.length === 2) company.sandbox.write(path, hourly);
    company.clock.advance(ms);
  });
  expect([found, turns]).toEqual([[false, false, true], [true]]);
});

test('a clock that jumps, as after a night of sleep, is noticed at the next look', async () => {
  company = new TriggerCompany({ [path]: hourly });
  let looks = 0;
  const { started } = await keep((_ms, stop) => {
    looks += 1;
    if (looks === 2) stop();
    company.clock.advance(8 * 3_600_000);
  });
  expect(started).toEqual(['schedule 0 * * * * at 2026-01-05T17:00Z']);
});

test('a change of a file, or of a workflow, wakes it', async () => {
  company = new TriggerCompany({ [path]: hourly, 'briefs/old.md': 'old' });
  const changes = [() => company.sandbox.write(path, files), () => company.put('briefs/new.md', 'new')];
  const { started } = await keep(async (_ms, stop, signal) => {
    const change = changes.shift();
    if (!change) return stop();
    const woken = new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    change();
    await woken;
  });
  expect(started).toEqual(['file briefs/new.md']);
});

test('P9: it waits while another process keeps them, and takes over when that is gone', async () => {
  company = new TriggerCompany({ [path]: hourly });
  const other = await company.take();
  await other.look();
  const pauses: number[] = [];
  const { turns, started } = await keep(async (ms, stop) => {
    pauses.push(ms);
    if (pauses.length === 2) {
      await other.end();
      company.clock.advance(3_600_000);
    }
    if (pauses.length === 3) stop();
  });
  expect(pauses.slice(0, 2)).toEqual([limits.triggerFollowMs, limits.triggerFollowMs]);
  expect(turns).toEqual([false, true]);
  expect(started).toHaveLength(1);
  expect(await (await company.ports()).triggers.keeper()).toBeUndefined();
});

test('one look waits for what is being written, and is refused while another process keeps the triggers', async () => {
  company = new TriggerCompany({ [path]: files });
  const ports = await company.ports();
  const reader = new RunReader(ports.runs);
  const { signal } = new AbortController();
  const pause: Pause = async (ms) => company.clock.advance(ms);
  await lookAtTriggers(ports, reader, signal, pause);
  company.put('briefs/new.md', 'new', 0);
  const news = await lookAtTriggers(ports, reader, signal, pause);
  expect(news).toMatchObject([{ is: 'started', trigger: 'file briefs/new.md' }]);
  const other = await company.take();
  expect(await lookAtTriggers(ports, reader, signal, pause)).toBe('held');
  await other.end();
});
