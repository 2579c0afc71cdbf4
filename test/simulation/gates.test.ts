import { describe, expect, test } from 'vitest';
import type { Crash } from './mortality.ts';
import { Story, call, gate, map, reader, writer } from './story.ts';

const hourMs = 3_600_000;

describe('a gate asks for what lies before it, and holds what lies behind it', () => {
  test('in a branch', async () => {
    const story = await Story.of([
      writer('a'),
      writer('b'),
      gate('ga', ['a']),
      reader('behind', 'ga'),
      gate('gb', ['b']),
    ]);
    expect(await story.asked()).toEqual({ ga: ['a'], gb: ['b'] });
    await story.say('approve', 'a');
    expect(story.performed).toContain('behind');
    expect(await story.asked()).toEqual({ gb: ['b'] });
    await story.say('approve', 'b');
    expect((await story.end()).status).toBe('succeeded');
  });

  test('in a map, for each item by itself', async () => {
    const story = await Story.of([map('m', [writer('w'), gate('g', ['w']), reader('then', 'g')])]);
    expect(await story.asked()).toEqual({ 'm.1.g': ['m.1.w'], 'm.2.g': ['m.2.w'] });
    await story.say('approve', 'm.2.w');
    expect(story.performed).toContain('m.2.then');
    expect(story.performed).not.toContain('m.1.then');
    expect(story.world.branch).toHaveLength(1);
    await story.say('approve', 'm.1.w');
    expect((await story.end()).status).toBe('succeeded');
  });

  test('in parallel paths, which meet when both were decided', async () => {
    const story = await Story.of([
      writer('a'),
      gate('ga', ['a']),
      writer('b'),
      gate('gb', ['b']),
      reader('meet', 'ga', 'gb'),
    ]);
    await story.say('approve', 'b');
    expect(story.performed).not.toContain('meet');
    await story.say('approve', 'a');
    expect(story.performed.at(-1)).toBe('meet');
    expect(story.world.branch).toHaveLength(2);
  });

  test('in a workflow that another one calls', async () => {
    const story = await Story.of([call('c', 'inner'), { ...reader('behind'), needs: ['c'] }], {
      called: { inner: [writer('w'), gate('g', ['w'])] },
    });
    expect(await story.asked()).toEqual({ 'c.g': ['c.w'] });
    expect(story.performed).not.toContain('behind');
    await story.say('approve', 'c.w');
    expect(story.performed.at(-1)).toBe('behind');
    expect((await story.end()).status).toBe('succeeded');
  });

  test('two gates for the proposal of one step: one decision answers both, and is applied once', async () => {
    const story = await Story.of([writer('w'), gate('g', ['w']), gate('h', ['w'])]);
    expect(await story.asked()).toEqual({ g: ['w'], h: ['w'] });
    await story.say('approve', 'w');
    expect(story.world.branch).toEqual(['1.1']);
    expect(await story.end()).toEqual({
      status: 'succeeded',
      steps: { w: 'succeeded', g: 'succeeded', h: 'succeeded' },
    });
  });

  test('two gates one behind the other: the second has nothing left to ask', async () => {
    const story = await Story.of([writer('w'), gate('g', ['w']), gate('h', ['g'])]);
    expect(await story.asked()).toEqual({ g: ['w'] });
    await story.say('approve', 'w');
    expect((await story.end()).status).toBe('succeeded');
  });
});

describe('a gate whose work', () => {
  test('was left out for its condition has nothing to ask', async () => {
    const story = await Story.of([writer('w'), gate('g', ['w']), reader('behind', 'g')], {
      leftOut: { w: true },
    });
    expect(await story.end()).toEqual({
      status: 'succeeded',
      steps: { w: 'skipped', g: 'succeeded', behind: 'succeeded' },
    });
    expect(story.world.branch).toEqual([]);
  });

  test('was skipped by the operator asks for the rest alone', async () => {
    const story = await Story.of([writer('w'), writer('v'), gate('g', ['w', 'v'])], { failures: { w: 9 } });
    expect(await story.end()).toMatchObject({ status: 'failed', steps: { g: 'pending' } });
    await story.world.order({ kind: 'skip', step: 'w', why: 'It can wait.' });
    await story.world.process();
    expect(await story.asked()).toEqual({ g: ['v'] });
    await story.say('approve', 'v');
    expect((await story.end()).status).toBe('succeeded');
  });
});

describe('while a gate waits', () => {
  const asking = () => Story.of([writer('w'), gate('g', ['w']), reader('behind', 'g')]);

  test('a restart changes nothing, and asks nothing twice', async () => {
    const story = await asking();
    const before = await story.world.records();
    await story.world.process();
    await story.world.process();
    expect(await story.world.records()).toEqual(before);
    await story.say('approve', 'w');
    expect(await story.count('gate.opened')).toBe(1);
    expect((await story.end()).status).toBe('succeeded');
  });

  test('a double click decides once', async () => {
    const story = await asking();
    await story.order('approve', 'w', 2);
    await story.world.process();
    expect(await story.count('decision.made')).toBe(1);
    expect(await story.count('decision.refused')).toBe(0);
    expect(story.world.branch).toEqual(['1.1']);
  });

  test('of two processes that decide at once, the first counts and the other is told', async () => {
    const story = await asking();
    const [one, other] = [story.order('approve', 'w'), story.order('reject', 'w')];
    await Promise.all([one, other]);
    const rests = await Promise.all([story.world.process(), story.world.process()]);
    expect(rests.toSorted()).toEqual(['held', 'rested']);
    expect([await story.count('decision.made'), await story.count('decision.refused')]).toEqual([1, 1]);
    expect(story.world.branch).toEqual(['1.1']);
    expect((await story.end()).status).toBe('succeeded');
  });

  test('what the run goes on with is what was approved, in the version that was', async () => {
    const story = await asking();
    await story.say('changes', 'w');
    expect(await story.asked()).toEqual({ g: ['w'] });
    await story.say('approve', 'w');
    const { state } = story.world.workshop.performed.at(-1) ?? {};
    const decided = { n: 1, status: 'applied', version: 2, by: 'operator', who: 'Ada', commit: '1.2' };
    expect(state?.steps.get('g')?.status).toMatchObject({ result: { output: { decisions: [decided] } } });
    expect(state?.proposals.get(1)?.status).toMatchObject({ is: 'applied', commit: '1.2' });
    expect(story.world.branch).toEqual(['1.2']);
  });
});

describe('a gate that reminds', () => {
  const reminding = (crashes: readonly Crash[] = []) =>
    Story.of([writer('w'), gate('g', ['w'], { remindEveryMs: hourMs })], { crashes });

  test('does so each time that its hour has passed, and not before', async () => {
    const story = await reminding();
    await story.later(hourMs - 1);
    expect(await story.count('gate.reminded')).toBe(0);
    for (let hour = 1; hour <= 3; hour += 1) {
      await story.later(hour === 1 ? 1 : hourMs);
      expect(await story.count('gate.reminded')).toBe(hour);
    }
    await story.say('approve', 'w');
    await story.later(hourMs);
    expect(await story.count('gate.reminded')).toBe(3);
  });

  test('does so once when nobody was there for days', async () => {
    const story = await reminding();
    await story.later(100 * hourMs);
    expect(await story.count('gate.reminded')).toBe(1);
    expect((await story.end()).status).toBe('waiting');
  });

  test.each([
    ['before', true],
    ['after', false],
  ])('does so once when its process dies %s the reminder is on disk', async (_when, lost) => {
    const { appends } = (await reminding()).world;
    const story = await reminding([{ append: appends + 1, lost }]);
    await story.later(hourMs);
    expect(story.world.deaths).toBe(1);
    await story.later(0);
    await story.later(hourMs - 1);
    expect(await story.count('gate.reminded')).toBe(1);
    await story.later(1);
    expect(await story.count('gate.reminded')).toBe(2);
  });

  test('does so ten times at most', async () => {
    const story = await reminding();
    for (let hour = 1; hour <= 15; hour += 1) await story.later(hourMs);
    expect(await story.count('gate.reminded')).toBe(10);
  });
});

describe('a gate whose time is up', () => {
  const expiring = (otherwise?: 'approve' | 'reject', tainted = false) =>
    Story.of([writer('w'), gate('g', ['w'], { withinMs: hourMs, otherwise }), reader('behind', 'g')], {
      tainted: { w: tainted },
    });

  test('approves where that is its default, by policy and not in the name of the operator', async () => {
    const story = await expiring('approve');
    await story.later(hourMs - 1);
    expect(await story.asked()).toEqual({ g: ['w'] });
    await story.later(1);
    expect(story.world.branch).toEqual(['1.1']);
    const { status, proposals } = await story.world.state();
    expect(status.is).toBe('succeeded');
    expect(proposals.get(1)?.status).toMatchObject({ decision: { by: 'policy' } });
  });

  test('rejects where that is its default', async () => {
    const story = await expiring('reject');
    await story.later(hourMs);
    expect(story.world.branch).toEqual([]);
    expect(await story.end()).toMatchObject({ status: 'stopped', steps: { behind: 'pending' } });
  });

  test('fails without a default, keeps the proposal, and asks again when it is retried', async () => {
    const story = await expiring();
    await story.later(hourMs);
    const { status } = await story.world.state();
    expect(status).toMatchObject({ is: 'failed', failure: { code: 'wait.expired' } });
    await story.world.order({ kind: 'retry', step: 'g' });
    await story.world.process();
    expect(await story.asked()).toEqual({ g: ['w'] });
    await story.later(hourMs - 1);
    await story.say('approve', 'w');
    expect((await story.end()).status).toBe('succeeded');
  });

  test('P7: never approves by default what rests on text from outside', async () => {
    const story = await expiring('approve', true);
    await story.later(hourMs);
    const { status } = await story.world.state();
    expect(status).toMatchObject({ is: 'failed', failure: { code: 'wait.expired' } });
    expect(story.world.branch).toEqual([]);
    expect(await story.count('decision.made')).toBe(0);
  });

  test('does nothing to what was decided in time', async () => {
    const story = await expiring('reject');
    await story.later(hourMs - 1);
    await story.say('approve', 'w');
    await story.later(hourMs);
    expect((await story.end()).status).toBe('succeeded');
  });
});
