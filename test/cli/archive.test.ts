import { execFile } from 'node:child_process';
import { rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cairn, cairnJson } from './support/cairn.ts';
import { snapshot } from './support/snapshot.ts';
import { freshCompany } from '../e2e/support/company.ts';
import type { SampleCompany } from '../e2e/support/company.ts';

const execute = promisify(execFile);

interface RunAnswer {
  readonly run: string;
  readonly status: { readonly is: string };
  readonly proposals: readonly { readonly id: string }[];
}
interface Listed {
  readonly runs: readonly {
    readonly id: string;
    readonly archived: boolean;
    readonly status: { is: string };
  }[];
  readonly problems: readonly { readonly run: string; readonly failure: { readonly code: string } }[];
}

let company: SampleCompany;
beforeEach(async () => {
  company = await freshCompany();
});
afterEach(() => company.remove());

const run = (...args: string[]) => cairnJson<RunAnswer>(company.folder, ['run', ...args]);
const list = (folder: string) => cairnJson<Listed>(folder, ['runs']);
const folderOf = (id: string) => join(company.folder, '.cairn', 'runs', id);
const isThere = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

/** Another clone of the company, which has fetched what Cairn keeps in hidden refs. */
async function otherClone(): Promise<string> {
  const folder = join(company.folder, '..', 'clone');
  await execute('git', ['clone', '--quiet', company.folder, folder]);
  for (const args of [
    ['config', 'user.name', 'Ines Marlow'],
    ['config', 'user.email', 'ines@fernandfield.example'],
    ['fetch', '--quiet', 'origin', 'refs/cairn/*:refs/cairn/*'],
  ])
    await execute('git', args, { cwd: folder });
  return folder;
}

/** A run that fails: the Executor has no brief to read. */
const failing = () => run('content-loop', '--input', 'brief=briefs/missing.md');

test('another clone that fetches the refs shows a run as the one that executed it does', async () => {
  const { run: id, status } = await run('content-loop', '--yes');
  expect(status.is).toBe('succeeded');
  const clone = await otherClone();
  expect((await list(clone)).runs).toMatchObject([{ id, archived: true, status: { is: 'succeeded' } }]);
  expect((await cairn(clone, ['runs'])).out).toContain('succeeded, archived');
  expect(await cairnJson(clone, ['show', id])).toEqual(await cairnJson(company.folder, ['show', id]));
  expect(await isThere(join(clone, '.cairn', 'runs'))).toBe(false);
  const { checks } = await cairnJson<{ checks: { ok: boolean }[] }>(clone, ['doctor']);
  expect(checks.every(({ ok }) => ok)).toBe(true);
});

test('a run is reverted in another clone, from its archive alone', async () => {
  const { run: id } = await run('content-loop', '--yes');
  const clone = await otherClone();
  const undone = await cairnJson<RunAnswer>(clone, ['revert', `${id}/1`]);
  expect(undone).toMatchObject({ status: { is: 'waiting' }, proposals: [{}] });
  const all = await cairnJson<RunAnswer>(clone, ['revert', id, '--yes']);
  expect(all.status.is).toBe('succeeded');
});

test('a failed run goes on in another clone once it is restored there, and comes back by a fetch', async () => {
  const { run: id, status } = await failing();
  expect(status.is).toBe('failed');
  const clone = await otherClone();
  const refused = await cairn(clone, ['retry', id]);
  expect(refused.code).toBe(1);
  expect(refused.err).toContain(`cairn restore ${id}`);
  expect((await cairn(clone, ['resume', id])).err).toContain(`cairn restore ${id}`);

  expect(await cairnJson(clone, ['restore', id])).toEqual({ run: id, restored: true });
  expect(await cairnJson(clone, ['restore', id])).toEqual({ run: id, restored: false });
  await writeFile(join(clone, 'briefs', 'missing.md'), await company.read('briefs/one-price.md'));
  await execute('git', ['add', 'briefs'], { cwd: clone });
  await execute('git', ['commit', '--quiet', '-m', 'Write the brief'], { cwd: clone });
  expect((await cairnJson<RunAnswer>(clone, ['retry', id, '--yes'])).status.is).toBe('succeeded');

  await company.git('fetch', '--quiet', clone, 'refs/cairn/*:refs/cairn/*');
  expect((await list(company.folder)).runs).toMatchObject([{ id, status: { is: 'failed' } }]);
  expect((await cairn(company.folder, ['prune'])).err).toContain(`cairn restore ${id}`);
  expect(await cairnJson(company.folder, ['restore', id])).toEqual({ run: id, restored: true });
  expect((await list(company.folder)).runs).toMatchObject([
    { id, archived: false, status: { is: 'succeeded' } },
  ]);
});

test('deleting a run’s folder by hand loses nothing of a run that has ended', async () => {
  const { run: id } = await run('content-loop', '--yes');
  const before = await cairnJson(company.folder, ['show', id]);
  await rm(folderOf(id), { recursive: true });
  expect(await cairnJson(company.folder, ['show', id])).toEqual(before);
  expect((await cairn(company.folder, ['restore', id])).code).toBe(0);
  expect(await cairnJson(company.folder, ['show', id])).toEqual(before);
  expect((await list(company.folder)).runs).toMatchObject([{ id, archived: false }]);
});

test('archiving and pruning touch nothing of the operator’s (P1)', async () => {
  const { run: id } = await failing();
  const before = await snapshot(company.folder);
  await company.git('update-ref', '-d', `refs/cairn/runs/${id}/archive`);
  const { folders } = await cairnJson<{ folders: unknown[] }>(company.folder, ['prune']);
  expect(folders).toEqual([]);
  expect(await company.git('for-each-ref', '--format=%(refname:lstrip=4)', 'refs/cairn')).toContain(
    'archive',
  );
  expect(await snapshot(company.folder)).toEqual(before);
  expect(await company.git('status', '--porcelain')).toBe('');
  expect(await company.git('fsck', '--strict', '--no-dangling')).toBe('');
});

test('prune tells what goes, lets it go, and leaves the run to be read', async () => {
  const { run: id } = await run('content-loop', '--yes');
  expect((await cairn(company.folder, ['prune'])).out).toContain('Nothing to prune.');
  const longAgo = new Date(Date.now() - 31 * 24 * 60 * 60_000);
  await utimes(join(folderOf(id), 'journal.jsonl'), longAgo, longAgo);
  const told = await cairn(company.folder, ['prune', '--dry-run']);
  expect(told.out).toContain(`Would remove 1 folder`);
  expect(told.out).toContain(id);
  expect(await isThere(folderOf(id))).toBe(true);
  const pruned = await cairnJson(company.folder, ['prune']);
  expect(pruned).toMatchObject({
    folders: [{ run: id, why: 'age' }],
    forgotten: [],
    keptBytes: 0,
    problems: [],
  });
  expect(await isThere(folderOf(id))).toBe(false);
  expect((await cairn(company.folder, ['show', id])).code).toBe(0);
  expect(await company.git('log', '-1', '--format=%(trailers:key=Cairn-Run,valueonly,separator=)')).toBe(id);
});

test('doctor holds what runs take up against the policy, and names the remedy', async () => {
  const { run: id } = await run('content-loop', '--yes');
  await writeFile(join(folderOf(id), 'blobs', 'filler'), Buffer.alloc(1_100_000));
  const policy = await company.read('.cairn/policy.yaml');
  await writeFile(join(company.folder, '.cairn', 'policy.yaml'), `${policy}\nretention: {megabytes: 1}\n`);
  const { code, out } = await cairn(company.folder, ['doctor']);
  expect(code).toBe(1);
  expect(out).toMatch(/✗ Disk use: 1\.\d MB of 1 MB in 1 run folder; .* Run “cairn prune”/);
  await cairn(company.folder, ['prune']);
  expect((await cairn(company.folder, ['doctor'])).code).toBe(0);
  await writeFile(join(company.folder, '.cairn', 'policy.yaml'), `${policy}\nretention: {megabytes: none}\n`);
  expect((await cairn(company.folder, ['prune'])).err).toContain('policy.yaml:');
});

test('P12: one broken archive is named, and the other runs stay readable', async () => {
  const { run: id } = await failing();
  const { run: other } = await failing();
  for (const one of [id, other]) await rm(folderOf(one), { recursive: true });
  const [journal = ''] = (
    await company.git('ls-tree', `refs/cairn/runs/${id}/archive`, 'journal.jsonl')
  ).split('\t');
  const oid = journal.split(' ')[2] ?? '';
  const object = join(company.folder, '.git', 'objects', oid.slice(0, 2), oid.slice(2));
  await rename(object, `${object}.lost`);
  const { runs, problems } = await list(company.folder);
  expect(runs.map((one) => one.id)).toEqual([other]);
  expect(problems).toMatchObject([{ run: id, failure: { code: 'journal.corrupt' } }]);
  expect((await cairn(company.folder, ['restore', id])).err).toContain('git fetch origin');
});
