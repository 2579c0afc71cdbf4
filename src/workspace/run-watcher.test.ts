import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { Emitter } from '../base/emitter.ts';
import { watchRuns } from './run-watcher.ts';

describe('watching runs', () => {
  let root: string;
  let runs: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'cairn-watch-'));
    runs = join(root, '.cairn', 'runs');
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  /** Answers a function that resolves at the next change told of the run. */
  function watch(): (run: string) => Promise<string> {
    const heard = new Emitter<string>();
    const watching = watchRuns(runs, (run) => heard.fire(run));
    onTestFinished(() => watching.dispose());
    return (run) =>
      new Promise((resolve) => {
        const listening = heard.event((id) => {
          if (id !== run) return;
          listening.dispose();
          resolve(id);
        });
      });
  }

  async function makeRun(run: string): Promise<void> {
    await mkdir(join(runs, run), { recursive: true });
    await writeFile(join(runs, run, 'journal.jsonl'), '');
  }

  it('hears of runs in a folder that did not exist, and of what follows', async () => {
    const next = watch();
    let told = next('run-1');
    await makeRun('run-1');
    expect(await told).toBe('run-1');
    told = next('run-1');
    await appendFile(join(runs, 'run-1', 'journal.jsonl'), 'x');
    expect(await told).toBe('run-1');
  });

  it('hears of the first order of a run whose orders folder is made late', async () => {
    await makeRun('run-1');
    const next = watch();
    let told = next('run-1');
    await mkdir(join(runs, 'run-1', 'orders'));
    expect(await told).toBe('run-1');
    told = next('run-1');
    await writeFile(join(runs, 'run-1', 'orders', 'a.json'), '{}');
    expect(await told).toBe('run-1');
  });

  it('hears of a run that is removed, and goes on when all are', async () => {
    await makeRun('run-1');
    const next = watch();
    let told = next('run-1');
    await rm(join(runs, 'run-1'), { recursive: true });
    expect(await told).toBe('run-1');
    await rm(runs, { recursive: true });
    told = next('run-2');
    await makeRun('run-2');
    expect(await told).toBe('run-2');
  });

  it('does not mention blobs, locks and files that are no runs', async () => {
    await makeRun('run-1');
    await makeRun('run-2');
    await mkdir(join(runs, 'run-1', 'blobs'));
    const told: string[] = [];
    const watching = watchRuns(runs, (run) => told.push(run));
    onTestFinished(() => watching.dispose());
    const next = watch();
    const last = next('run-2');
    await mkdir(join(runs, 'run-1', 'lock'));
    await writeFile(join(runs, 'run-1', 'blobs', 'b'), 'x');
    await writeFile(join(runs, 'README'), 'x');
    await appendFile(join(runs, 'run-2', 'journal.jsonl'), 'x');
    expect(await last).toBe('run-2');
    expect(new Set(told)).toEqual(new Set(['run-2']));
  });
});
