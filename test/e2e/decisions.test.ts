import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bench, openBench } from './support/bench.ts';
import { type SampleCompany, freshCompany } from './support/company.ts';
import { awaitBadge, runInboxToReply, runMs } from './support/main-loop.ts';
import type { Workbench } from './support/workbench.ts';

const reply = 'replies/2026-11-18-hollow-hill-winter-box.md';

let company: SampleCompany;
let bench: Bench;
let workbench: Workbench;

beforeAll(async () => {
  company = await freshCompany();
  bench = await openBench({ folder: company.folder, theme: 'light', size: { width: 1280, height: 800 } });
  workbench = bench.workbench;
});

afterAll(async () => {
  await bench?.close();
  await company?.remove();
});

const commits = () => company.git('rev-list', '--count', 'HEAD');

// One story: each test begins where the one before has ended.

test('requested changes come back as a second version of the proposal', async () => {
  bench.keepEvidence('changes');
  await runInboxToReply(workbench);
  await workbench.row('Approvals', 'Write the reply').click();
  await workbench.tab('Review: Write the reply').waitFor();
  await workbench.runCommand('Cairn: Request Changes…');
  await workbench.answer('What should be different?', 'Shorter, and name the price of a third round.');
  await workbench.row('Approvals', 'Write the reply v2').waitFor({ timeout: runMs });
  expect(await workbench.badge('Cairn')).toBe('1');
  expect(await commits()).toBe('1');
});

test('the timeline tells what was asked for', async () => {
  bench.keepEvidence('feedback');
  await workbench.row('Runs', 'Inbox to reply').click();
  const timeline = await workbench.webview('.bar');
  await timeline.getByRole('option', { name: /^Write the reply, Done, attempt 2/ }).click();
  await timeline.locator('.details', { hasText: 'name the price of a third round' }).waitFor();
  await timeline.locator('.card', { hasText: 'Version 2' }).waitFor();
  await workbench.screenshot('timeline-light');
});

test('a reload of the window restores approvals and timeline', async () => {
  bench.keepEvidence('reload');
  await workbench.reload();
  await awaitBadge(workbench, '1');
  await workbench.row('Approvals', 'Write the reply v2').waitFor();
  const timeline = await workbench.webview('.bar');
  await timeline.getByRole('option', { name: /^Approve, Waits for your decision/ }).waitFor();
});

test('a proposal is approved by keys alone', async () => {
  bench.keepEvidence('keys');
  const { keyboard } = workbench.page;
  await workbench.goToRow('Approvals', 1);
  await workbench
    .view('Approvals')
    .locator('.monaco-list-row.focused', { hasText: 'Write the reply' })
    .waitFor();
  await keyboard.press('Enter');
  await workbench.tab('Review: Write the reply v2').waitFor();
  await keyboard.press('Control+Enter');
  await expect.poll(commits, { timeout: runMs }).toBe('2');
  await awaitBadge(workbench, '');
  // The files follow the branch.
  await expect.poll(() => company.read(reply), { timeout: runMs }).toContain('Ines Marlow');
});

test('a revert is a proposal too, and takes back what was committed', async () => {
  bench.keepEvidence('revert');
  await workbench.runCommand('Cairn: Revert Run…');
  await workbench.pick('Inbox to reply');
  await workbench.tab('Review: ').waitFor({ timeout: runMs });
  await awaitBadge(workbench, '1');
  expect(await company.read(reply)).toContain('Ines Marlow');
  await workbench.editorAction('Approve');
  await expect.poll(commits, { timeout: runMs }).toBe('3');
  expect(await company.git('diff', '--stat', 'HEAD~2', 'HEAD')).toBe('');
  // The files follow the branch.
  await expect.poll(() => company.git('status', '--porcelain'), { timeout: runMs }).toBe('');
});

test('a rejected proposal ends the run and changes nothing', async () => {
  bench.keepEvidence('reject');
  await awaitBadge(workbench, '');
  await runInboxToReply(workbench);
  await workbench.rowAction(workbench.row('Approvals', 'Write the reply'), 'Reject');
  await awaitBadge(workbench, '');
  await workbench.row('Runs', /Inbox to reply.*(stopped|rejected)/).waitFor();
  expect(await commits()).toBe('3');
  expect(await company.git('status', '--porcelain')).toBe('');
});
