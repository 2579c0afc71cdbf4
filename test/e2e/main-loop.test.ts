import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bench, openBench } from './support/bench.ts';
import { type SampleCompany, freshCompany } from './support/company.ts';
import { awaitBadge, runContentLoop, runMs } from './support/main-loop.ts';
import type { Workbench } from './support/workbench.ts';

const draft = 'drafts/small-shop-rebrand.md';
const published = 'published/small-shop-rebrand.md';

let company: SampleCompany;
let bench: Bench;
let workbench: Workbench;
let base: string;

beforeAll(async () => {
  company = await freshCompany();
  base = await company.git('rev-parse', 'HEAD');
  bench = await openBench({ folder: company.folder, size: { width: 1280, height: 800 } });
  workbench = bench.workbench;
});

afterAll(async () => {
  await bench?.close();
  await company?.remove();
});

// One story: each test begins where the one before has ended.

test('the palette runs the content loop, and Approvals shows what it proposes', async () => {
  bench.keepEvidence('run');
  await runContentLoop(workbench);
  const [group, ...proposals] = await workbench.rows('Approvals');
  expect(group).toMatch(/Content loop\s*3 proposals · just now/);
  expect(proposals.map((text) => text.replace(/\s+/g, ' '))).toEqual([
    expect.stringMatching(/^Plan ?low risk · \d+% · \+\d+ −0 · Plans how “What a new face/),
    expect.stringMatching(/^Draft ?low risk · \d+% · \+\d+ −0 · Drafts “What a new face/),
    expect.stringMatching(/^Edit ?low risk · \d+% · \+\d+ −\d+ · Edits “What a new face/),
  ]);
  await workbench.statusBarItem(/3/).waitFor();
  await workbench.awaitNotification('3 proposals wait for your decision (Content loop).');
  await workbench.clearNotifications();
});

test('nothing of the operator’s is changed before the decision', async () => {
  expect(await company.git('status', '--porcelain')).toBe('');
  expect(await company.git('rev-parse', 'HEAD')).toBe(base);
  await expect(company.read(draft)).rejects.toThrow('ENOENT');
});

test('the timeline shows lanes, steps and the wait for the operator', async () => {
  bench.keepEvidence('timeline');
  const timeline = await workbench.webview('.bar');
  await expect
    .poll(() => timeline.locator('.lane-label').allTextContents())
    .toEqual(['Planner', 'Fetcher', 'Executor', 'QA', 'Operator']);
  const bar = (label: RegExp) => timeline.getByRole('option', { name: label });
  await bar(/^Draft, Done, /).waitFor();
  await bar(/^Approve, Waits for your decision/).waitFor();
  await bar(/^Publish, Not started$/).waitFor();
  await timeline.locator('header', { hasText: 'Waits for your decision on 3 proposals' }).waitFor();
  await timeline.locator('header', { hasText: 'Offline (extractive)' }).waitFor();
  await timeline.locator('header', { hasText: 'started by Ines Marlow' }).waitFor();
});

test('a step of the timeline shows its proposal, output, sources and input', async () => {
  bench.keepEvidence('step');
  const timeline = await workbench.webview('.bar');
  await timeline.getByRole('option', { name: /^Draft, Done/ }).click();
  const details = timeline.getByRole('complementary', { name: 'Details of Draft' });
  await expect
    .poll(() => details.locator('h3').allTextContents())
    .toEqual(['Proposal', 'Output', 'Sources', 'Input', 'Attempts']);
  await details.locator('.card', { hasText: draft }).waitFor();
  await details.locator('.sources', { hasText: 'memory/feedback/small-shop-lessons-2026.md' }).waitFor();
  await details.locator('summary', { hasText: 'Input' }).click();
  await details.locator('details', { hasText: 'Draft the text that the brief asks for' }).last().waitFor();
  await workbench.screenshot('timeline-dark');
});

test('the review shows both sides of what an agent proposes', async () => {
  bench.keepEvidence('review');
  await workbench.row('Approvals', 'Edit').click();
  await workbench.tab('Review: Edit · Content loop').waitFor();
  await expect.poll(() => workbench.diffText('original'), { timeout: 30_000 }).toContain('status: draft');
  await expect.poll(() => workbench.diffText('modified')).toContain('status: edited');
  await workbench.screenshot('review-dark');
});

test('checked proposals are approved together, and committed with where they come from', async () => {
  bench.keepEvidence('approve-checked');
  for (const step of ['Plan', 'Draft', 'Edit']) {
    await workbench.setChecked(workbench.row('Approvals', new RegExp(`^${step}`)), true);
  }
  await workbench.screenshot('approvals-dark');
  await workbench.openFile('AGENTS.md');
  await workbench.runCommand('Cairn: Approve Checked');
  await workbench.page.locator('.editor-instance .view-line').first().click();
  const count = () => company.git('rev-list', '--count', `${base}..HEAD`);
  await expect.poll(count, { timeout: runMs }).toBe('3');
  const messages = await company.git('log', '--format=%B', '-1', '--', draft);
  for (const trailer of [
    /^Cairn-Run: \S+-content-loop-\w+$/m,
    /^Cairn-Step: edit$/m,
    /^Cairn-Agent: executor$/m,
    /^Cairn-Model: offline/m,
    /^Cairn-Risk: low/m,
    /^Cairn-Confidence: [\d.]+/m,
    /^Cairn-Sources: .*briefs\/small-shop-rebrand\.md/m,
    /^Cairn-Decision: .*Ines Marlow/m,
  ]) {
    expect(messages).toMatch(trailer);
  }
  // The files follow the branch.
  await expect.poll(() => company.read(draft), { timeout: runMs }).toContain('status: edited');
});

test('the run goes on to the next gate without taking the focus from what is being written', async () => {
  bench.keepEvidence('focus');
  await awaitBadge(workbench, '1');
  expect(await workbench.activeTab()).toBe('AGENTS.md');
  await workbench.page.keyboard.type('Typed while an agent proposed. ');
  const lines = workbench.page.locator('.editor-instance .view-lines');
  await expect
    .poll(async () => (await lines.innerText()).replaceAll('\u00a0', ' '), { timeout: 20_000 })
    .toContain('Typed while');
  await workbench.runCommand('File: Revert File');
});

test('the last decision completes the run', async () => {
  bench.keepEvidence('release');
  await workbench.row('Approvals', 'Publish').click();
  await workbench.tab('Review: Publish · Content loop').waitFor();
  await workbench.editorAction('Approve');
  await awaitBadge(workbench, '');
  await workbench.view('Approvals').getByText('Nothing waits for your decision.').waitFor();
  await workbench.row('Runs', 'completed').waitFor();
  expect(await company.read(published)).toContain('What a new face does for a small shop');
  expect(await company.git('status', '--porcelain')).toBe('');
  expect(await workbench.tab('Review: Publish').count()).toBe(0);
});

test('the timeline of a completed run shows its decisions and commits', async () => {
  bench.keepEvidence('completed');
  await workbench.row('Runs', 'Content loop').click();
  const timeline = await workbench.webview('.bar');
  await timeline.locator('header', { hasText: 'Completed' }).waitFor();
  const marks = timeline.locator('.mark');
  const labels = (await marks.evaluateAll((all) => all.map((one) => one.ariaLabel))).join('\n');
  expect(labels.match(/approved/gi)).toHaveLength(4);
  expect(labels.match(/^Committed as [0-9a-f]{8}$/gm)).toHaveLength(4);
  await timeline.getByRole('option', { name: /^Release, Done/ }).waitFor();
  await workbench.screenshot('timeline-completed');
});
