import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { commitsSince, ensureCompany, headOf } from '../../scripts/company.mjs';

const execute = promisify(execFile);
const git = async (folder: string, ...args: string[]) =>
  (await execute('git', args, { cwd: folder })).stdout.trimEnd();

let parent: string;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'cairn-copy-'));
});

afterEach(() => rm(parent, { recursive: true, force: true }));

test('a copy of the sample company is a clean repository with one commit', async () => {
  const folder = join(parent, 'studio');
  expect(await ensureCompany(folder)).toBe('made');
  expect(await git(folder, 'rev-list', '--count', 'HEAD')).toBe('1');
  expect(await git(folder, 'status', '--porcelain')).toBe('');
  expect(await git(folder, 'ls-files', '.cairn/workflows')).toContain('content-loop');
});

test('a company that is there already is kept as it is', async () => {
  const folder = join(parent, 'studio');
  await ensureCompany(folder);
  await writeFile(join(folder, 'AGENTS.md'), 'mine\n');
  expect(await ensureCompany(folder)).toBe('found');
  expect(await git(folder, 'status', '--porcelain')).toBe(' M AGENTS.md');
});

test('a folder with other files in it is refused and left alone', async () => {
  await mkdir(join(parent, 'photos'));
  await writeFile(join(parent, 'photos', 'cat.txt'), 'cat\n');
  await expect(ensureCompany(join(parent, 'photos'))).rejects.toThrow('holds other files');
});

test('the commits since a point are told with the runs they came from', async () => {
  const folder = join(parent, 'studio');
  await ensureCompany(folder);
  const before = await headOf(folder);
  const commit = ['-c', 'user.name=a', '-c', 'user.email=a@b.example', 'commit', '-q', '--allow-empty'];
  await git(folder, ...commit, '-m', 'Publish the note', '-m', 'Cairn-Run: 20260105-content-loop-abcd');
  const { commits, runs } = await commitsSince(folder, before);
  expect(commits).toEqual([expect.stringMatching(/^[0-9a-f]{7,} Publish the note$/)]);
  expect(runs).toEqual(['20260105-content-loop-abcd']);
});
