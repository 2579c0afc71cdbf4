import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeRunStore } from '../../test/contract/run-store.ts';
import { ManualClock } from '../base/clock.ts';
import { openRunStore } from './run-store.ts';

describeRunStore('on disk', async () => {
  const root = await mkdtemp(join(tmpdir(), 'cairn-runs-'));
  const clock = new ManualClock();
  const close = () => rm(root, { recursive: true, force: true });
  return { store: openRunStore(root, { clock }), clock, close };
});
