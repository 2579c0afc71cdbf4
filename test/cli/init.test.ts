import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cairn } from './support/cairn.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cairn-init-'));
});
afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8' }).trim();

test('an empty folder becomes a company that works at once', async () => {
  const { out, code } = await cairn(folder, ['init']);
  expect({ out, code }).toMatchObject({ code: 0 });
  expect(git('log', '--format=%s')).toBe('Create the company');
  expect(git('status', '--porcelain')).toBe('');
  expect((await cairn(folder, ['run', 'content-loop', '--yes'])).code).toBe(0);
});

test('in an existing repository nothing is touched and nothing committed', async () => {
  git('init', '--quiet', '--initial-branch=main');
  await writeFile(join(folder, 'AGENTS.md'), 'mine\n');
  git('add', '--all');
  git('-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', 'commit', '--quiet', '--message', 'mine');
  const before = git('rev-parse', 'HEAD');
  const { out } = await cairn(folder, ['init', '--bare', '--json']);
  expect(JSON.parse(out)).toMatchObject({ kept: [], committed: false });
  expect(await readFile(join(folder, 'AGENTS.md'), 'utf8')).toBe('mine\n');
  expect(git('rev-parse', 'HEAD')).toBe(before);
  expect(git('diff', '--cached', '--name-only')).toBe('');
});

test('a company is not made twice', async () => {
  await cairn(folder, ['init', '--bare']);
  const again = await cairn(folder, ['init']);
  expect(again.err).toContain('already');
  expect(again.code).toBe(1);
});
