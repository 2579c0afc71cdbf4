import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Failure } from '../base/failure.ts';
import { limits } from '../base/limits.ts';
import type { RunOrder } from '../contracts/runs.ts';
import { OrderFolder } from './order-folder.ts';

const stop = (id: string): RunOrder => ({ kind: 'stop', id, who: 'Ada' });

describe('the folder of a run’s orders', () => {
  let folder: string;
  let problems: Failure[];
  let orders: OrderFolder;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cairn-orders-'));
    problems = [];
    orders = new OrderFolder(folder, '.cairn/runs/r/orders', (failure) => problems.push(failure));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it.each([
    ['is not JSON', '{"kind":'],
    ['lacks a key', '{"kind":"stop","id":"01B"}'],
    ['has another id than its name', JSON.stringify(stop('01Z'))],
    ['is far too large', ' '.repeat(limits.definitionBytes + 1)],
  ])('puts a file aside that %s, says so once, and keeps the others', async (_what, text) => {
    await orders.put(stop('01A'));
    await writeFile(join(folder, '01B.json'), text);
    await orders.put(stop('01C'));
    expect(await orders.pending()).toEqual([stop('01A'), stop('01C')]);
    expect(await orders.pending()).toHaveLength(2);
    expect((await readdir(folder)).toSorted()).toEqual(['01A.json', '01B.bad', '01C.json']);
    expect(problems).toMatchObject([
      { code: 'input.invalid', at: { file: '.cairn/runs/r/orders/01B.json' } },
    ]);
  });

  it('does not see an order that is still being written', async () => {
    await writeFile(join(folder, '.01A.json.0.tmp'), '{');
    await writeFile(join(folder, '.01A.json'), '{');
    expect(await orders.pending()).toEqual([]);
    expect(problems).toEqual([]);
  });

  it('is empty while there is no such folder, and made by the first order', async () => {
    await rm(folder, { recursive: true });
    expect(await orders.pending()).toEqual([]);
    await orders.put(stop('01A'));
    expect(await orders.pending()).toEqual([stop('01A')]);
  });
});
