import { readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GitSandbox } from '../../../test/fixtures/git-sandbox.ts';
import { describeArchivedRuns } from '../../../test/contract/archived-runs.ts';
import { describeRunStore } from '../../../test/contract/run-store.ts';
import { completed, failure, resumed, run, take } from '../../../test/contract/run-store-events.ts';
import { ManualClock } from '../../base/clock.ts';
import type { RunArchive } from '../../contracts/archive.ts';
import type { RunStore } from '../../contracts/runs.ts';
import { withArchive } from '../archived-runs.ts';
import { openRunStore } from '../run-store.ts';
import { openCompanyGit } from './open-repository.ts';

const other = '20260106-content-loop-zz99';
const atMs = Date.UTC(2026, 0, 5, 9);
const ref = `refs/cairn/runs/${run}/archive`;

async function opened(options: readonly string[] = []) {
  const sandbox = GitSandbox.create({ 'a.md': 'a\n', '.cairn/.gitignore': 'runs/\n' }, options);
  const clock = new ManualClock();
  const { archive, repository } = await openCompanyGit(sandbox.root);
  const store = withArchive(openRunStore(sandbox.root, { clock }), archive);
  return { sandbox, clock, archive, repository, store, close: async () => sandbox.dispose() };
}

describeRunStore('on disk, with an archive in git', () => opened());

describeArchivedRuns('in git', async () => {
  const { sandbox, ...rest } = await opened();
  return { ...rest, dropFolder: async (of) => sandbox.remove(`.cairn/runs/${of}`) };
});

describe('the archive of a run in git', { timeout: 30_000 }, () => {
  let sandbox: GitSandbox;
  let archive: RunArchive;
  let store: RunStore;
  beforeEach(async () => {
    ({ sandbox, archive, store } = await opened());
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    sandbox.dispose();
  });

  const large = (letter: string) => resumed(letter.repeat(10_000));
  const folder = (of: string) => `.cairn/runs/${of}`;
  async function archived(of: string, letter = 'x'): Promise<void> {
    await store.create(of);
    const lease = await take(store, of);
    await lease.journal.append([resumed('Ada')]);
    await lease.journal.append([large(letter), completed]);
    await archive.keep(of, atMs);
    await lease.release();
  }

  it('is a commit of the journal and its blobs, byte for byte, whose date is that of the run', async () => {
    await archived(run);
    const journal = sandbox.read(`${folder(run)}/journal.jsonl`) ?? '';
    const blob = /"blob":"(\w{64})"/.exec(journal)?.[1] ?? '';
    expect(sandbox.files(ref)).toEqual({
      'journal.jsonl': journal,
      [`blobs/${blob}`]: sandbox.read(`${folder(run)}/blobs/${blob}`),
    });
    expect(sandbox.git('log', '-1', '--format=%an %cn %ct %(trailers:key=Cairn-Run,valueonly)', ref)).toBe(
      `Cairn Cairn ${atMs / 1000} ${run}\n`,
    );
    expect(sandbox.git('fsck', '--strict', '--no-dangling')).toBe('');
  });

  it('leaves HEAD, index, branches, configuration and work tree byte-identical (P1, P8)', async () => {
    sandbox.write('staged.md', 'staged\n');
    sandbox.git('add', 'staged.md');
    sandbox.write('a.md', 'edited\n');
    sandbox.write('untracked/x.md', 'x\n');
    await store.create(run);
    const lease = await take(store, run);
    await lease.journal.append([large('x'), completed]);
    const before = sandbox.fingerprint();
    await archive.keep(run, atMs);
    await archive.keep(run, atMs);
    await archive.read(run);
    await archive.measure();
    expect(sandbox.fingerprint()).toEqual(before);
    await archive.forget(run);
    expect(sandbox.fingerprint()).toEqual(before);
  });

  it('runs no hook and no filter, signs nothing, and heeds no GIT_ variable (P8)', async () => {
    const spy = sandbox.path('.git/spy.sh');
    sandbox.write('.git/spy.sh', `#!/bin/sh\necho "$0 $*" >> "${sandbox.path('.git/spied')}"\ncat\n`, 0o755);
    for (const hook of ['reference-transaction', 'post-commit', 'pre-commit', 'post-index-change'])
      sandbox.write(`.git/hooks/${hook}`, `#!/bin/sh\n. "${spy}"\n`, 0o755);
    sandbox.write('.git/info/attributes', '* filter=spy\n');
    for (const [key, value] of [
      ['filter.spy.clean', `${spy} clean`],
      ['filter.spy.required', 'true'],
      ['gpg.program', spy],
      ['commit.gpgSign', 'true'],
      ['core.autocrlf', 'true'],
    ])
      sandbox.git('config', key ?? '', value ?? '');
    const variables = {
      GIT_DIR: '/nowhere',
      GIT_INDEX_FILE: '/nowhere/index',
      GIT_OBJECT_DIRECTORY: '/nowhere',
    };
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
    await archived(run);
    await archive.restore(run);
    await archive.forget(run);
    vi.unstubAllEnvs();
    expect(sandbox.read('.git/spied')).toBeUndefined();
    sandbox.git('update-ref', 'refs/cairn/by-hand', 'HEAD');
    expect(sandbox.read('.git/spied')).toContain('reference-transaction');
  });

  it('continues the archive before it, so that it can be pushed and fetched without force', async () => {
    await archived(run);
    const first = sandbox.git('rev-parse', ref);
    const lease = await take(store, run);
    await lease.journal.append([large('y'), completed]);
    await archive.keep(run, atMs + 60_000);
    await lease.release();
    expect(sandbox.git('rev-parse', `${ref}^`)).toBe(first);
    expect(Object.keys(sandbox.files(ref))).toHaveLength(3);
  });

  it('never gives way to a journal that does not continue it, nor to one that is behind', async () => {
    await archived(run);
    const journal = sandbox.path(`${folder(run)}/journal.jsonl`);
    const lines = readFileSync(journal, 'utf8').split(/(?<=\n)/);
    const before = sandbox.git('rev-parse', ref);
    const other = lines.join('').replace('Ada', 'Eve');
    for (const [text, state] of [
      [lines.slice(0, -1).join(''), 'ahead'],
      ['', 'ahead'],
      [other, 'other'],
      [`${other}${lines[0]}`, 'other'],
      [other.slice(0, -20), 'other'],
    ] as const) {
      writeFileSync(journal, text);
      expect(await archive.compare(run)).toBe(state);
      await expect(archive.keep(run, atMs)).rejects.toMatchObject(failure('run.archived'));
    }
    expect(sandbox.git('rev-parse', ref)).toBe(before);
  });

  it('that was cut short before its ref was written is made anew, as the same commit', async () => {
    await archived(run);
    const commit = sandbox.git('rev-parse', ref);
    sandbox.git('update-ref', '-d', ref);
    expect((await archive.list()).size).toBe(0);
    expect(await archive.keep(run, atMs)).toBe('kept');
    expect(sandbox.git('rev-parse', ref)).toBe(commit);
  });

  it('fails with what git says, and without a trace, where nothing can be written', async () => {
    await store.create(run);
    const lease = await take(store, run);
    await lease.journal.append([completed]);
    // A file where the folder of the refs should be: no rights would stop a test that runs as root.
    sandbox.write('.git/refs/cairn', 'in the way');
    await expect(archive.keep(run, atMs)).rejects.toMatchObject(failure('git.failed'));
    expect((await store.read(run)).records).toHaveLength(1);
    sandbox.remove('.git/refs/cairn');
    expect(await archive.keep(run, atMs)).toBe('kept');
  });

  it.each([
    [
      'a line that does not fit its checksum',
      (text: string) => text.replace('Ada', 'Eve'),
      'journal.corrupt',
    ],
    ['a torn end', (text: string) => text.slice(0, -10), 'journal.corrupt'],
    ['a future version', (text: string) => text.replace('"v":1', '"v":9'), 'journal.newer'],
    ['no journal', undefined, 'journal.corrupt'],
  ])('with %s keeps no other from being read, and is not restored', async (_what, damage, code) => {
    await archived(other);
    await archived(run);
    const journal = sandbox.read(`${folder(run)}/journal.jsonl`) ?? '';
    for (const of of [run, other]) sandbox.remove(folder(of));
    replaceArchive(damage ? { 'journal.jsonl': damage(journal) } : { 'notes.txt': 'no journal\n' });
    const reading = await store.read(run).catch((thrown: unknown) => thrown);
    expect(JSON.stringify(reading)).toContain(`"code":"${code}"`);
    expect(await store.list()).toEqual([other, run]);
    expect((await store.read(other)).corrupt).toBeUndefined();
    await expect(archive.restore(run)).rejects.toMatchObject(failure(code as 'journal.corrupt'));
    expect(sandbox.read(folder(run))).toBeUndefined();
  });

  it('is named as the remedy for a journal that is damaged on disk', async () => {
    await archived(run);
    const path = `${folder(run)}/journal.jsonl`;
    sandbox.write(path, (sandbox.read(path) ?? '').replace('Ada', 'Eve'));
    expect((await store.read(run)).corrupt?.remedy).toContain(`delete ${folder(run)}`);
    sandbox.remove(folder(run));
    expect((await store.read(run)).records).toHaveLength(3);
  });

  it('stands in for a journal that is gone from a folder that is not', async () => {
    await archived(run);
    sandbox.remove(`${folder(run)}/journal.jsonl`);
    expect(await store.read(run)).toMatchObject({ archived: true });
    expect((await store.read(run)).records).toHaveLength(3);
    expect(await store.stamp(run)).toContain('archive');
  });

  it('whose blob is missing in git is damaged from there on, and keeps no other from being read', async () => {
    await archived(run, 'x');
    await archived(other, 'y');
    const blob = sandbox.git('ls-tree', '-r', ref).match(/blob (\w+)\tblobs/)?.[1] ?? '';
    for (const of of [run, other]) sandbox.remove(folder(of));
    sandbox.remove(`.git/objects/${blob.slice(0, 2)}/${blob.slice(2)}`);
    const { records, corrupt } = await store.read(run);
    expect([records.length, corrupt?.code]).toEqual([1, 'journal.corrupt']);
    expect((await store.read(other)).records).toHaveLength(3);
  });

  it('whose commit is missing in git is listed all the same, and tells what to do', async () => {
    await archived(other);
    sandbox.write(`.git/${ref}`, `${'a'.repeat(40)}\n`);
    expect([...(await archive.list())].toSorted()).toEqual([run, other]);
    await expect(store.read(run)).rejects.toMatchObject(failure('journal.corrupt'));
    expect((await store.read(other)).records).toHaveLength(3);
  });

  it('makes nothing outside a run’s folder, whatever it is fetched with', async () => {
    await archived(run);
    const journal = sandbox.read(`${folder(run)}/journal.jsonl`) ?? '';
    const content = sandbox.read(`${folder(run)}/blobs/${/"blob":"(\w{64})"/.exec(journal)?.[1]}`) ?? '';
    const name = /"blob":"(\w{64})"/.exec(journal)?.[1] ?? '';
    sandbox.remove(folder(run));
    replaceArchive({
      'journal.jsonl': journal,
      [`blobs/${name}`]: content,
      'blobs/evil.sh': 'x',
      'lock/holder': 'x',
      'orders/01A.json': '{}',
    });
    expect(await archive.restore(run)).toBe(true);
    const found = ['blobs/evil.sh', 'lock/holder', 'orders/01A.json'].map((path) =>
      sandbox.read(`${folder(run)}/${path}`),
    );
    expect(found).toEqual([undefined, undefined, undefined]);
    expect((await store.read(run)).records).toHaveLength(3);
  });

  it('is found by one look at the refs, however many runs there are, and by another when they change', async () => {
    const ids = Array.from({ length: 6 }, (_, at) => `20260105-content-loop-000${at}`);
    for (const id of ids) await archived(id);
    const tools = sandbox.path('.git/tools');
    const real = join(sandbox.git('--exec-path'), 'git');
    sandbox.write('.git/tools/git', `#!/bin/sh\necho "$*" >> "${tools}/calls"\nexec "${real}" "$@"\n`, 0o755);
    vi.stubEnv('PATH', [tools, process.env['PATH']].join(delimiter));
    const calls = () => (sandbox.read('.git/tools/calls') ?? '').split('\n').filter((line) => line !== '');

    for (const id of ids) sandbox.remove(folder(id));
    const fresh = withArchive(
      openRunStore(sandbox.root, { clock: new ManualClock() }),
      (await openCompanyGit(sandbox.root)).archive,
    );
    const before = calls().length;
    expect(await fresh.list()).toHaveLength(6);
    for (const id of ids) await fresh.stamp(id);
    for (const id of ids) await fresh.read(id);
    await fresh.list();
    const after = calls().slice(before);
    expect(after.filter((call) => call.includes('for-each-ref'))).toHaveLength(1);
    expect(after).toHaveLength(2);

    sandbox.git('update-ref', '-d', `refs/cairn/runs/${ids[0]}/archive`);
    expect(await fresh.list()).toHaveLength(5);
    sandbox.git('pack-refs', '--all');
    sandbox.git('update-ref', '-d', `refs/cairn/runs/${ids[1]}/archive`);
    expect(await fresh.list()).toHaveLength(4);
  });

  it('reads and writes repositories of SHA-256 ids as well', async () => {
    sandbox.dispose();
    ({ sandbox, archive, store } = await opened(['--object-format=sha256']));
    await archived(run);
    expect(await archive.keep(run, atMs)).toBe('unchanged');
    sandbox.remove(folder(run));
    expect((await store.read(run)).records).toHaveLength(3);
  });

  it('measures what Cairn’s refs alone keep', async () => {
    const before = await archive.measure();
    expect(before).toEqual({ bytes: 0, refs: 0 });
    await archived(run);
    const { bytes, refs } = await archive.measure();
    expect(refs).toBe(1);
    expect(bytes).toBeGreaterThan(200);
    expect(bytes).toBeLessThan(20_000);
  });

  it('goes with the run’s proposals when it is forgotten, and with no other’s', async () => {
    await archived(run);
    const names = [`${run}/versions/1/1`, `${run}/proposals/1`, `${other}/proposals/1`];
    for (const name of names) sandbox.git('update-ref', `refs/cairn/runs/${name}`, 'HEAD');
    await archive.forget(run);
    expect(sandbox.git('for-each-ref', '--format=%(refname)', 'refs/cairn')).toBe(
      `refs/cairn/runs/${other}/proposals/1`,
    );
  });

  /** Puts an archive of other content in place, as a fetch could. */
  function replaceArchive(files: Readonly<Record<string, string>>): void {
    const forged = GitSandbox.create(files);
    sandbox.git('fetch', '-q', forged.root, `+HEAD:${ref}`);
    forged.dispose();
  }
});
