import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, test } from 'vitest';
import { type Bench, openBench } from './support/bench.ts';
import { type SampleCompany, freshCompany } from './support/company.ts';
import { awaitBadge, runMs } from './support/main-loop.ts';
import type { Workbench } from './support/workbench.ts';

const workflow = `name: Note in a tone
on:
  schedule: [{cron: 0 9 * * 1, timezone: Europe/London}]
  file: [{paths: [briefs/*.md]}]
  connector: [{connector: nowhere, operation: items}]
steps:
  tone:
    wait: {decision: Which tone?, options: [warm, plain]}
`;

let company: SampleCompany;
let bench: Bench;
let workbench: Workbench;

beforeAll(async () => {
  company = await freshCompany();
  bench = await openBench({ folder: company.folder, size: { width: 1280, height: 800 }, theme: 'light' });
  workbench = bench.workbench;
  await workbench.openContainer('Cairn');
});

afterAll(async () => {
  await bench?.close();
  await company?.remove();
});

const writeWorkflow = (text: string) =>
  writeFile(join(company.folder, '.cairn/workflows/note-in-a-tone.yaml'), text);

// One story: each test begins where the one before has ended.

test('without a trigger it is said how one is made', async () => {
  bench.keepEvidence('no-triggers');
  await workbench.view('Approvals').getByText('Nothing waits for your decision.').waitFor();
  await workbench.typeCommand('Cairn: Show Triggers');
  const told = await workbench.awaitNotification('No workflow has a trigger');
  await told.getByRole('button', { name: 'Open a Workflow' }).waitFor();
  await workbench.screenshot('no-triggers-light');
  await workbench.clearNotifications();
});

test('a workflow that cannot be read is in the list of triggers, and opens', async () => {
  bench.keepEvidence('broken-trigger');
  await writeWorkflow('name: [');
  await workbench.typeCommand('Cairn: Show Triggers');
  await workbench.typePick('note-in-a-tone.yaml');
  await workbench.tab('note-in-a-tone.yaml').waitFor();
});

test('triggers tell when they fire and what is wrong, and who keeps them', async () => {
  bench.keepEvidence('triggers');
  await writeWorkflow(workflow);
  const { page } = workbench;
  const list = workbench.quickInput().locator('.quick-input-list');
  const isLooked = async () => {
    await workbench.typeCommand('Cairn: Show Triggers');
    await list.getByText('schedule 0 9 * * 1 Europe/London').waitFor();
    const looked = await list.getByText('waits for a file · never yet').isVisible();
    if (!looked) await page.keyboard.press('Escape');
    return looked;
  };
  // The keeper has its look a moment after the file was changed.
  const untilMs = Date.now() + 30_000;
  while (!(await isLooked()) && Date.now() < untilMs) await page.waitForTimeout(200);
  await list.getByText('There is no connector “nowhere”').waitFor();
  await workbench.quickInput().getByPlaceholder('Kept by this window').waitFor();
  await workbench.screenshot('triggers-light');
  await page.keyboard.press('Escape');
});

test('a new file starts a run, which asks like any other', async () => {
  bench.keepEvidence('file-trigger');
  await writeFile(join(company.folder, 'briefs/winter-hours.md'), '# Winter hours\n');
  await awaitBadge(workbench, '1');
  await workbench.row('Approvals', 'Your answer: Which tone?').waitFor({ timeout: runMs });
  await workbench.row('Runs', 'Note in a tone').click();
  await workbench.webview('.facts:has-text("started by file briefs/winter-hours.md")');
  await workbench.typeCommand('Cairn: Show Triggers');
  await workbench.quickInput().getByText('waits for a file · last just now').waitFor();
  await workbench.screenshot('trigger-fired-light');
  await workbench.page.keyboard.press('Escape');
});
