import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cairn, cairnJson } from './support/cairn.ts';
import { snapshot } from './support/snapshot.ts';
import { freshCompany } from '../e2e/support/company.ts';
import type { SampleCompany } from '../e2e/support/company.ts';

interface RunAnswer {
  readonly run: string;
  readonly status: { readonly is: string };
  readonly proposals: readonly { readonly id: string; readonly current: { readonly commit: string } }[];
}

let company: SampleCompany;
beforeEach(async () => {
  company = await freshCompany();
});
afterEach(() => company.remove());

const run = (...args: string[]) => cairnJson<RunAnswer>(company.folder, ['run', ...args]);

test('brief → draft → edit → publish, offline: every change is a commit that says where it comes from', async () => {
  const { code, out } = await cairn(company.folder, ['run', 'content-loop', '--yes']);
  expect(out).toContain('Offline (extractive)');
  expect(code).toBe(0);
  const subjects = (await company.git('log', '--format=%s', '--reverse')).split('\n');
  expect(subjects).toHaveLength(5);
  expect(await company.read('published/small-shop-rebrand.md')).toContain('status: published');
  const message = await company.git('log', '-1', '--format=%B');
  for (const key of [
    'Run',
    'Step',
    'Agent',
    'Model',
    'Intent',
    'Risk',
    'Confidence',
    'Cost',
    'Sources',
    'Decision',
  ]) {
    expect(message).toMatch(new RegExp(`^Cairn-${key}: .+`, 'm'));
  }
  expect(await company.git('log', '-1', '--format=%an')).toBe('Executor (Cairn)');
  expect(await company.git('status', '--porcelain')).toBe('');
  expect(await company.git('fsck', '--strict', '--no-dangling')).toBe('');
});

test.each(['lead-to-proposal', 'inbox-to-reply'])('%s runs by its defaults', async (workflow) => {
  const { code, err } = await cairn(company.folder, ['run', workflow, '--yes']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(await company.git('log', '-1', '--format=%(trailers:key=Cairn-Risk,valueonly)')).toContain(
    'text from outside',
  );
});

test('P1: until the decision HEAD, index and work tree are byte-identical', async () => {
  await company.git('config', 'user.name', 'Olive Operator');
  const before = await snapshot(company.folder);
  const waiting = await cairn(company.folder, ['run', 'content-loop']);
  expect(waiting.code).toBe(3);
  expect(await snapshot(company.folder)).toEqual(before);
  const [proposal] = (await cairnJson<RunAnswer>(company.folder, ['proposals'])).proposals;
  await cairn(company.folder, ['approve', proposal?.id ?? '']);
  const after = await snapshot(company.folder);
  expect(after).not.toEqual(before);
  expect(after['plans/small-shop-rebrand.md']).toBeDefined();
});

test('unrelated staged and unstaged work survives a decision as it was', async () => {
  await writeFile(join(company.folder, 'README.md'), 'staged\n');
  await company.git('add', 'README.md');
  await writeFile(join(company.folder, 'README.md'), 'staged, then edited\n');
  await writeFile(join(company.folder, 'todo.md'), 'untracked\n');
  const before = await company.git('status', '--porcelain');
  expect((await cairn(company.folder, ['run', 'content-loop', '--yes'])).code).toBe(0);
  expect(await company.git('status', '--porcelain')).toBe(before);
  expect(await company.git('show', ':README.md')).toBe('staged');
  expect(await company.read('README.md')).toBe('staged, then edited\n');
});

test('a run is undone by an inverse proposal, and that can be undone as well', async () => {
  const { run: id } = await run('content-loop', '--yes');
  const tree = await company.git('rev-parse', 'HEAD^{tree}');
  const start = await company.git('rev-parse', 'HEAD~4^{tree}');
  const undone = await cairnJson<RunAnswer>(company.folder, ['revert', id, '--yes']);
  expect(undone.status.is).toBe('succeeded');
  expect(await company.git('rev-parse', 'HEAD^{tree}')).toBe(start);
  await cairnJson<RunAnswer>(company.folder, ['revert', undone.run, '--yes']);
  expect(await company.git('rev-parse', 'HEAD^{tree}')).toBe(tree);
  expect(await company.git('rev-list', '--count', 'HEAD')).toBe('7');
});

test('P4: a rejected proposal stops the run, and what builds on it can no longer be approved', async () => {
  const { run: id, proposals } = await run('content-loop');
  expect(proposals).toHaveLength(3);
  await cairn(company.folder, ['reject', `${id}/2`, '--comment', 'Not our voice']);
  const late = await cairn(company.folder, ['approve', `${id}/3`]);
  expect(late.code).toBe(1);
  expect(late.err).toContain('withdrawn');
  await cairn(company.folder, ['approve', `${id}/1`]);
  const shown = await cairn(company.folder, ['show', id]);
  expect(shown.out).toContain('Not our voice');
  expect(await company.git('log', '--format=%(trailers:key=Cairn-Step,valueonly)', '-1')).toContain('plan');
});

test('P4: a request for changes brings another version, and the old one cannot be approved', async () => {
  const { run: id } = await run('content-loop');
  const revised = await cairnJson<RunAnswer>(company.folder, [
    'revise',
    `${id}/2`,
    '--comment',
    'Mention the price',
  ]);
  const second = revised.proposals.find((proposal) => proposal.id === `${id}/2`);
  expect(second?.current).toMatchObject({ version: 2 });
  expect((await cairn(company.folder, ['approve', `${id}/2`])).code).toBe(2);
  expect((await cairn(company.folder, ['approve', `${id}/2@1`])).err).toContain('newer version');
  const versions = await company.git(
    'for-each-ref',
    '--format=%(refname)',
    `refs/cairn/runs/${id}/versions/2`,
  );
  expect(versions.split('\n')).toHaveLength(2);
});

test('P4: two processes that decide at once apply once', async () => {
  const { run: id } = await run('content-loop');
  const decisions = await Promise.all([1, 2].map(() => cairn(company.folder, ['approve', `${id}/1`])));
  expect(decisions.some(({ code }) => code === 3)).toBe(true);
  const applied = await company.git('log', '--format=%(trailers:key=Cairn-Step,valueonly,separator=)');
  expect(applied.split('\n').filter((step) => step === 'plan')).toHaveLength(1);
  const journal = await company.read(`.cairn/runs/${id}/journal.jsonl`);
  expect(journal.match(/"type":"apply.completed"/g)).toHaveLength(1);
});

test('the command line tells the same in JSON as in words', async () => {
  await run('content-loop');
  const { runs } = await cairnJson<{ runs: { id: string; status: { is: string } }[] }>(company.folder, [
    'runs',
  ]);
  expect(runs).toMatchObject([{ status: { is: 'waiting' } }]);
  const listed = await cairn(company.folder, ['proposals', '--diff']);
  expect(listed.out).toContain('+++ b/drafts/small-shop-rebrand.md');
  const { hits } = await cairnJson<{ hits: { id: string }[] }>(company.folder, [
    'memory',
    'search',
    'fixed prices',
  ]);
  expect(hits[0]?.id).toContain('price');
  const { checks } = await cairnJson<{ checks: { ok: boolean }[] }>(company.folder, ['doctor']);
  expect(checks.every(({ ok }) => ok)).toBe(true);
});
