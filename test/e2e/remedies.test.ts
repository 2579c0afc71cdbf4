import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bench, openBench } from './support/bench.ts';
import { type SampleCompany, freshCompany } from './support/company.ts';
import { awaitBadge, runMs } from './support/main-loop.ts';
import type { Workbench } from './support/workbench.ts';

let company: SampleCompany;
let bench: Bench;
let workbench: Workbench;

beforeAll(async () => {
  company = await freshCompany();
  bench = await openBench({ folder: company.folder, size: { width: 1280, height: 800 } });
  workbench = bench.workbench;
});

afterAll(async () => {
  await bench?.close();
  await company?.remove();
});

// One story: each test begins where the one before has ended.

test('a step that has failed says why, and what can be done about it', async () => {
  bench.keepEvidence('remedies');
  await workbench.runCommand('Cairn: Run Workflow');
  await workbench.pick('Inbox to reply');
  await workbench.answer('A file in inbox/', 'lost.eml');
  await workbench.openContainer('Cairn');
  await workbench.row('Runs', 'Inbox to reply').waitFor({ timeout: runMs });
  const timeline = await workbench.webview('.bar');
  await timeline.getByRole('option', { name: /^Read the mail, Failed/ }).click({ timeout: runMs });
  const details = timeline.getByRole('complementary', { name: 'Details of Read the mail' });
  await expect
    .poll(() => details.locator('.remedies vscode-button').allTextContents())
    .toEqual(['Retry', 'Edit Input…', 'Do It Myself', 'Skip…']);
  await workbench.clearNotifications();
  await workbench.screenshot('remedies-dark');
});

test('with another input, for this run alone, the run goes on from there', async () => {
  bench.keepEvidence('edit-input');
  const timeline = await workbench.webview('.remedies');
  await timeline.locator('.remedies vscode-button', { hasText: 'Edit Input…' }).click();
  await workbench.answer('file, for this run alone', '2026-11-18-hollow-hill-winter-box.eml');
  await workbench.acceptDefault('newest, for this run alone');
  await awaitBadge(workbench, '1');
  await timeline.locator('.mark[aria-label*="Retried by Ines Marlow with another file"]').waitFor();
  expect(await company.git('status', '--porcelain')).toBe('');
});

test('what has failed can be gone on without, for a reason that is kept', async () => {
  bench.keepEvidence('skip');
  await workbench.runCommand('Cairn: Run Workflow');
  await workbench.pick('Inbox to reply');
  await workbench.answer('A file in inbox/', 'lost.eml');
  await workbench.row('Runs', /Inbox to reply.*lost\.eml/).waitFor({ timeout: runMs });
  await workbench.runCommand('Cairn: Skip Step…');
  await workbench.pick('Read the mail');
  await workbench.answer('Why can the run do without it?', 'It came by post.');
  const timeline = await workbench.webview('.mark[aria-label*="It came by post."]');
  await timeline.getByRole('option', { name: /^Read the mail, Skipped/ }).waitFor();
  await workbench.screenshot('skipped-dark');
});
