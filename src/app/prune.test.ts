import { readdirSync, utimesSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openCairn } from './assemble.ts';
import type { Cairn } from './cairn.ts';
import { recordRun } from '../../test/fixtures/ended-runs.ts';
import type { Outcome } from '../../test/fixtures/ended-runs.ts';
import { GitSandbox } from '../../test/fixtures/git-sandbox.ts';
import { systemClock } from '../base/clock.ts';
import { modelGateway } from '../models/gateway.ts';
import { openRunStore } from '../workspace/run-store.ts';

const run = '20260105-content-loop-ab12';
const other = '20260106-content-loop-zz99';
const dayMs = 24 * 60 * 60_000;

describe('pruning', { timeout: 30_000 }, () => {
  let sandbox: GitSandbox;
  let cairn: Cairn;
  let told: string[];
  let onLog: (line: string) => void;
  beforeEach(async () => {
    sandbox = GitSandbox.create({ '.cairn/.gitignore': 'runs/\nindex/\ncache/\n', 'a.md': 'a\n' });
    told = [];
    onLog = () => undefined;
    cairn = await open();
  });
  afterEach(() => {
    vi.useRealTimers();
    sandbox.dispose();
  });

  async function open(): Promise<Cairn> {
    const config = () => ({ provider: 'offline' }) as const;
    const model = modelGateway({ config, apiKey: async () => '', clock: systemClock });
    const log = (line: string) => {
      told.push(line);
      onLog(line);
    };
    return openCairn(sandbox.root, { trusted: true, model, secretOf: async () => undefined, log });
  }
  const record = (of: string, outcome: Outcome = 'succeeded') => recordRun(sandbox.root, of, outcome);
  const prune = (dryRun = false) => cairn.prune({ dryRun });
  const folders = () => readdirSync(sandbox.path('.cairn/runs')).toSorted();
  const archives = () =>
    sandbox.git('for-each-ref', '--format=%(refname:lstrip=3)', 'refs/cairn/runs/*/archive');
  const later = (days: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + days * dayMs });

  it('keeps what is younger than the policy says, and archives it', async () => {
    await record(run);
    later(29);
    expect(await prune()).toMatchObject({ folders: [], forgotten: [], problems: [] });
    expect(folders()).toEqual([run]);
    expect(archives()).toBe(`${run}/archive`);
  });

  it('leaves the same run to be read from its archive, and forgets that one when it is old as well', async () => {
    await record(run);
    await record(other, 'running');
    const before = { timeline: await cairn.showTimeline(run), journal: await cairn.showJournal(run) };
    const own = sandbox.fingerprint();
    later(31);
    const { folders: removed, keptBytes } = await prune();
    expect(removed).toMatchObject([{ run, why: 'age' }]);
    expect(folders()).toEqual([other]);
    expect(keptBytes).toBeGreaterThan(0);
    expect(sandbox.git('status', '--porcelain')).toBe('');
    const { runs } = await cairn.listRuns();
    expect(runs.map(({ id, archived, left }) => [id, archived, left])).toEqual([
      [other, false, true],
      [run, true, false],
    ]);
    expect({ timeline: await cairn.showTimeline(run), journal: await cairn.showJournal(run) }).toEqual(
      before,
    );

    sandbox.git('update-ref', `refs/cairn/runs/${run}/proposals/1`, 'HEAD');
    later(366);
    expect(await prune()).toMatchObject({ folders: [], forgotten: [run] });
    expect(sandbox.git('for-each-ref', 'refs/cairn')).toBe('');
    expect(folders()).toEqual([other]);
    expect(sandbox.git('fsck', '--strict', '--no-dangling')).toBe('');
    expect(withoutCairn(sandbox.fingerprint())).toEqual(withoutCairn(own));
  });

  it('tells beforehand just what it would do, and does nothing', async () => {
    await record(run);
    later(400);
    expect((await prune()).folders).toHaveLength(1);
    await record(other);
    const before = [folders(), archives()];
    const plan = await prune(true);
    expect([folders(), archives()]).toEqual(before);
    expect(plan).toMatchObject({ folders: [{ run: other }], forgotten: [run] });
    expect(await prune()).toEqual({ ...plan, dryRun: false });
    expect([folders(), archives()]).toEqual([[], `${other}/archive`]);
  });

  it('goes by size where the policy is small, and keeps what failed lately', async () => {
    sandbox.write('.cairn/policy.yaml', 'retention: {megabytes: 1}\n');
    for (const [of, outcome] of [
      [run, 'succeeded'],
      [other, 'failed'],
    ] as const) {
      await record(of, outcome);
      sandbox.write(`.cairn/runs/${of}/blobs/filler`, Buffer.alloc(900_000));
    }
    expect((await prune()).folders).toMatchObject([{ run, why: 'size' }]);
    expect(folders()).toEqual([other]);
    expect((await cairn.examine()).find(({ check }) => check === 'Disk use')).toMatchObject({ ok: true });
  });

  it('leaves a run alone that another process has', async () => {
    await record(run);
    const lease = await openRunStore(sandbox.root, { clock: systemClock }).lease(run);
    later(31);
    expect((await prune()).folders).toEqual([]);
    expect(folders()).toEqual([run]);
    if (lease !== 'held') await lease.release();
    expect((await prune()).folders).toHaveLength(1);
  });

  it('leaves a run alone that was ordered something, and takes the order', async () => {
    await record(run);
    await cairn.archiveEnded();
    const store = openRunStore(sandbox.root, { clock: systemClock });
    await store.order(run, { kind: 'stop', id: '01A', who: 'Ada <ada@example.org>' });
    later(31);
    expect((await prune()).folders).toEqual([]);
    expect(await store.orders(run)).toEqual([]);
    expect((await prune()).folders).toHaveLength(1);
  });

  it('removes nothing that could not be archived, and says why', async () => {
    await record(run);
    sandbox.write('.git/refs/cairn', 'in the way');
    later(31);
    expect((await prune()).folders).toEqual([]);
    expect(folders()).toEqual([run]);
    expect(told).toMatchObject([expect.stringMatching(/was not archived, and stays in its folder/)]);
  });

  it('removes nothing whose archive is damaged, and goes on with the others', async () => {
    await record(run, 'undecided');
    await record(other);
    await cairn.archiveEnded();
    const blob = sandbox
      .git('ls-tree', '-r', `refs/cairn/runs/${run}/archive`)
      .match(/blob (\w+)\tblobs/)?.[1];
    sandbox.remove(`.git/objects/${blob?.slice(0, 2)}/${blob?.slice(2)}`);
    later(31);
    const { folders: removed, problems } = await prune();
    expect(removed.map((removal) => removal.run)).toEqual([other]);
    expect(problems).toMatchObject([{ run, failure: { code: 'journal.corrupt' } }]);
    expect(folders()).toEqual([run]);
  });

  it('never removes a run that cannot be read, or is not over', async () => {
    await record(run);
    sandbox.write(`.cairn/runs/${run}/journal.jsonl`, 'no journal\nat all\n');
    await record(other, 'running');
    later(4_000);
    expect(await prune()).toMatchObject({ folders: [], forgotten: [] });
    expect(folders()).toEqual([run, other]);
    expect(archives()).toBe('');
  });

  it('never forgets work that nobody has decided on', async () => {
    await record(run, 'undecided');
    later(31);
    expect((await prune()).folders).toHaveLength(1);
    later(4_000);
    expect((await prune()).forgotten).toEqual([]);
    expect(archives()).toBe(`${run}/archive`);
  });

  it('does not take away at once what was brought back', async () => {
    await record(run, 'failed');
    later(31);
    await prune();
    await expect(cairn.retryRun(run)).rejects.toMatchObject({ failure: { code: 'run.archived' } });
    expect(await cairn.restoreRun(run)).toBe(true);
    vi.useRealTimers();
    later(1);
    expect((await prune()).folders).toEqual([]);
    expect((await cairn.listRuns()).runs).toMatchObject([{ id: run, archived: false }]);
  });

  it('brings back a run of whose folder only a part is left', async () => {
    await record(run);
    const before = await cairn.showJournal(run);
    await cairn.archiveEnded();
    sandbox.remove(`.cairn/runs/${run}/journal.jsonl`);
    expect(await cairn.showJournal(run)).toEqual(before);
    expect(await cairn.restoreRun(run)).toBe(true);
    expect(await cairn.restoreRun(run)).toBe(false);
    expect((await cairn.listRuns()).runs).toMatchObject([{ id: run, archived: false }]);
    expect(await cairn.showJournal(run)).toEqual(before);
    await expect(cairn.restoreRun(other)).rejects.toMatchObject({ failure: { code: 'run.missing' } });
  });

  it('comes by itself once a day, after a run has ended', async () => {
    await record(run);
    const longAgo = new Date(Date.now() - 31 * dayMs);
    utimesSync(sandbox.path(`.cairn/runs/${run}/journal.jsonl`), longAgo, longAgo);
    await record(other);
    const pruned = new Promise<void>((resolve) => {
      onLog = (line) => {
        if (line.startsWith('Pruned 1 folder')) resolve();
      };
    });
    expect(await cairn.driveRun(other, new AbortController().signal)).toBe('ended');
    await pruned;
    expect(folders()).toEqual([other]);
    expect(archives().split('\n')).toEqual([`${run}/archive`, `${other}/archive`]);
  });
});

function withoutCairn(fingerprint: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(fingerprint).filter(([path]) => !path.startsWith('.cairn/runs')));
}
