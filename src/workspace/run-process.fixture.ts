import { createInterface } from 'node:readline';
import { systemClock } from '../base/clock.ts';
import type { RunLease } from '../contracts/runs.ts';
import { openRunStore } from './run-store.ts';

/*
 * A process of its own for the tests of leases and of sudden death. `append ROOT RUN` takes the run
 * and records without end, telling each acknowledged number; `race ROOT` reads ids of runs and tells
 * for each whether it has got the run.
 */

const [, , task, root = '', run = ''] = process.argv;
const store = openRunStore(root, { clock: systemClock });

function tell(word: string | number): void {
  process.stdout.write(`${word}\n`);
}

async function append(): Promise<void> {
  const lease = await store.lease(run);
  if (lease === 'held') throw new Error('held');
  tell(`epoch ${lease.epoch}`);
  const writer = async (letters: number): Promise<void> => {
    for (;;) {
      const [record] = await lease.journal.append([
        { type: 'run.resumed', data: { by: 'x'.repeat(letters) } },
      ]);
      tell(record?.n ?? 0);
    }
  };
  await Promise.all([writer(10), writer(3_000), writer(9_000)]);
}

async function race(): Promise<void> {
  const taken: RunLease[] = [];
  tell('ready');
  for await (const id of createInterface(process.stdin)) {
    const lease = await store.lease(id);
    if (lease !== 'held') taken.push(lease);
    tell(lease === 'held' ? 'held' : 'won');
  }
}

await (task === 'append' ? append() : race());
