import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { take } from '../../test/contract/run-store-events.ts';
import { systemClock } from '../base/clock.ts';
import { openRunStore } from './run-store.ts';

/** Real processes, killed for real (promises P2 and P9). */
describe('runs among processes', () => {
  let folder: string;
  let program: string;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cairn-processes-'));
    program = join(folder, 'run-process.mjs');
    await build({
      entryPoints: [join(import.meta.dirname, 'run-process.fixture.ts')],
      outfile: program,
      bundle: true,
      platform: 'node',
      format: 'esm',
      banner: {
        js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
      },
    });
  });

  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });

  function begin(...args: string[]): { child: ChildProcess; lines: Interface; tell: (line: string) => void } {
    const child = spawn(process.execPath, [program, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
    children.push(child);
    const { stdin, stdout } = child;
    return { child, lines: createInterface(stdout), tell: (line) => stdin.write(`${line}\n`) };
  }

  /** Has a process record until it acknowledged so many, kills it, and answers what it had told by then. */
  async function killWhileRecording(root: string, run: string, afterAcks: number): Promise<number[]> {
    const { child, lines } = begin('append', root, run);
    const acknowledged: number[] = [];
    const exited = once(child, 'exit');
    for await (const line of lines) {
      if (!line.startsWith('epoch')) acknowledged.push(Number(line));
      if (acknowledged.length === afterAcks) child.kill('SIGKILL');
    }
    await exited;
    return acknowledged;
  }

  it('loses nothing acknowledged when the process is killed, and goes on (15 kills)', async () => {
    const store = openRunStore(folder, { clock: systemClock });
    await store.create('killed');
    const all: number[] = [];
    for (let kill = 1; kill <= 15; kill += 1) {
      const acknowledged = await killWhileRecording(folder, 'killed', 1 + Math.floor(Math.random() * 60));
      all.push(...acknowledged);
      const { records, corrupt } = await store.read('killed');
      expect(corrupt).toBeUndefined();
      expect(records.map(({ n }) => n)).toEqual(records.map((_, index) => index + 1));
      expect(records.length).toBeGreaterThanOrEqual(Math.max(...acknowledged));
      expect(records.at(-1)?.epoch).toBe(kill);
    }
    expect(new Set(all).size).toBe(all.length);
    const lease = await take(store, 'killed');
    const { length } = (await store.read('killed')).records;
    const [record] = await lease.journal.append([{ type: 'run.completed', data: {} }]);
    expect([record?.n, record?.epoch]).toEqual([length + 1, 16]);
  }, 60_000);

  it('answers held for as long as another process lives', async () => {
    const store = openRunStore(folder, { clock: systemClock });
    await store.create('living');
    const { child, lines } = begin('append', folder, 'living');
    await once(lines, 'line');
    expect(await store.lease('living')).toBe('held');
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    expect((await take(store, 'living')).epoch).toBeGreaterThanOrEqual(1);
  }, 20_000);

  it('gives a dead process’s run to exactly one of those who race for it (20 rounds)', async () => {
    const racers = Array.from({ length: 4 }, () => begin('race', folder));
    await Promise.all(racers.map(({ lines }) => once(lines, 'line')));
    const store = openRunStore(folder, { clock: systemClock });
    const runs = Array.from({ length: 20 }, (_, round) => `race-${round}`);
    for (const run of runs) await store.create(run);
    const doomed = begin('race', folder);
    await once(doomed.lines, 'line');
    for (const run of runs) {
      const answer = once(doomed.lines, 'line');
      doomed.tell(run);
      expect(await answer).toEqual(['won']);
    }
    const exited = once(doomed.child, 'exit');
    doomed.child.kill('SIGKILL');
    await exited;
    for (const run of runs) {
      const answers = racers.map(({ lines }) => once(lines, 'line'));
      for (const { tell } of racers) tell(run);
      const told = (await Promise.all(answers)).flat();
      expect(told.filter((answer) => answer === 'won')).toHaveLength(1);
    }
  }, 60_000);
});
