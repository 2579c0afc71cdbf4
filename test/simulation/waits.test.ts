import { expect, test } from 'vitest';
import { Story, gate, reader, wait, writer } from './story.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const ask = { is: 'answer', question: 'a or b?', options: ['a', 'b'] } as const;

test('an answer lets the run go on, once, and the next steps know it', async () => {
  const story = await Story.of([wait('ask', ask), reader('then', 'ask')]);
  expect((await story.end()).status).toBe('waiting');
  await story.world.order({ kind: 'answer', step: 'ask', choice: 'b' }, 2);
  await story.world.process();
  const { state } = story.world.workshop.performed.at(-1) ?? {};
  expect(state?.steps.get('ask')?.status).toMatchObject({ result: { output: { answer: 'b', by: 'Ada' } } });
  expect((await story.end()).status).toBe('succeeded');
});

test('an event that happens before it is waited for is not missed', async () => {
  const story = await Story.of([
    writer('w'),
    gate('g', ['w']),
    wait('rain', { is: 'event', event: 'rain' }, 'g'),
  ]);
  await story.world.order({ kind: 'signal', event: 'rain', text: 'It pours.' });
  await story.say('approve', 'w');
  const { steps } = await story.world.state();
  expect(steps.get('rain')?.status).toMatchObject({
    result: { output: { event: 'rain', text: 'It pours.' } },
  });
});

test('a long wait lets the process go, and whoever is there when it is due goes on', async () => {
  const story = await Story.of([wait('rest', { is: 'time', ms: hourMs }), reader('then', 'rest')]);
  expect((await story.end()).steps).toEqual({ rest: 'waiting', then: 'pending' });
  await story.later(hourMs - 1);
  expect((await story.end()).steps).toMatchObject({ rest: 'succeeded' });
});

test('a short wait is stayed for', async () => {
  const story = await Story.of([wait('rest', { is: 'time', ms: minuteMs })]);
  expect((await story.end()).status).toBe('succeeded');
});

// A process that stayed would keep the question to itself until it has expired.
test('a decision is not stayed for, however soon it expires: the operator has to be asked first', async () => {
  const times = { withinMs: minuteMs, remindEveryMs: minuteMs / 2, otherwise: 'reject' } as const;
  const story = await Story.of([writer('w'), gate('g', ['w'], times)]);
  expect(await story.asked()).toEqual({ g: ['w'] });
  expect(await story.count('gate.reminded')).toBe(0);
  await story.say('approve', 'w');
  expect((await story.end()).status).toBe('succeeded');
});

test('an answer is not stayed for either, and is taken for given when its time is up', async () => {
  const story = await Story.of([wait('ask', { ...ask, withinMs: minuteMs, otherwise: 'a' })]);
  expect((await story.end()).status).toBe('waiting');
  await story.later(minuteMs);
  const { steps } = await story.world.state();
  expect(steps.get('ask')?.status).toMatchObject({ result: { output: { answer: 'a', by: 'expiry' } } });
});
