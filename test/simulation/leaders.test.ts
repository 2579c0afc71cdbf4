import { expect, test } from 'vitest';
import { Story, effect, reader } from './story.ts';
import { doubt } from '../../src/contracts/effect.ts';

const operations = [
  ['probed', 'is found to have been sent'],
  ['idempotent', 'is sent with the same key'],
  ['ask', 'is asked about'],
] as const;

test.each(operations)(
  'P3: an effect (%s) that the next process %s is not sent once more by the one before',
  async (operation) => {
    const steps = [effect('e', operation)];
    const before = await Story.of(steps);
    const { appends } = before.world;
    await before.say('approve', 'e.compose');
    let paused = 0;
    for (let append = appends + 1; append <= before.world.appends; append += 1) {
      const story = await Story.of(steps, { crashes: [{ append, lost: false, is: 'paused' }] });
      await story.say('approve', 'e.compose');
      await story.world.process();
      if ((await story.end()).status === 'waiting') {
        await story.world.order({ kind: 'answer', step: 'e.deliver', choice: doubt.unsent });
        await story.world.process();
      }
      expect((await story.end()).status).toBe('succeeded');
      await story.world.wakeOthers();
      await story.world.endOthers();
      expect(story.world.outside).toHaveLength(1);
      paused += story.world.deaths;
    }
    expect(paused).toBeGreaterThan(3);
  },
);

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
