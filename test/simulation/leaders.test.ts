import { expect, test } from 'vitest';
import { Story, reader } from './story.ts';

/** The first process stands still as soon as its first attempt is on disk. */
const crashes = [{ append: 1, lost: false, is: 'paused' }] as const;

test('a process that was passed over leaves an order to the one that has the run', async () => {
  const story = await Story.of([reader('a')], { crashes, failures: { a: 3 } });
  await story.world.process();
  expect((await story.end()).status).toBe('failed');
  await story.world.order({ kind: 'retry', step: 'a' });
  await story.world.wakeOthers();
  await story.world.process();
  expect(await story.count('step.retried')).toBe(1);
});
