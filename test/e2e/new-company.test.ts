import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bench, openBench } from './support/bench.ts';

const execute = promisify(execFile);

let parent: string;
let folder: string;
let bench: Bench;

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'cairn-new-'));
  folder = join(parent, 'bakery');
  await mkdir(folder);
  await writeFile(join(folder, 'notes.txt'), 'Mine.\n');
  bench = await openBench({ folder });
});

afterAll(async () => {
  await bench?.close();
  await rm(parent, { recursive: true, force: true, maxRetries: 5 });
});

const git = async (...args: string[]) => (await execute('git', args, { cwd: folder })).stdout.trim();

test('a folder that is no company can be made one, and what was in it stays', async () => {
  bench.keepEvidence('create');
  const { workbench } = bench;
  await workbench.openContainer('Cairn');
  const view = workbench.view('Approvals');
  await view.getByText('This folder is not a company yet.').waitFor();
  await view.getByRole('button', { name: 'Create Company' }).click();
  await workbench.pick('bakery');
  await workbench.pick('Definitions only');
  await workbench.awaitNotification('The company is ready');
  await view.getByText('Nothing waits for your decision.').waitFor();
  expect(await git('status', '--porcelain')).toBe('?? notes.txt');
  expect(await git('ls-files', '.cairn')).toContain('.cairn/policy.yaml');
  expect(await workbench.offeredCommands('Cairn: Run')).toContain('Cairn: Run Workflow');
});

test('a company without a repository says so, and makes one', async () => {
  bench.keepEvidence('no-repository');
  const { workbench } = bench;
  await rm(join(folder, '.git'), { recursive: true });
  await workbench.reload();
  await workbench.openContainer('Cairn');
  const view = workbench.view('Approvals');
  await view.getByText('This folder is not a git repository.').waitFor();
  await view.getByRole('button', { name: 'Initialize Repository' }).click();
  await view.getByText('Nothing waits for your decision.').waitFor();
  expect(await git('rev-parse', '--git-dir')).toBe('.git');
});
