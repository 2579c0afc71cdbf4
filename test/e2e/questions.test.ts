import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bench, openBench } from './support/bench.ts';
import { type SampleCompany, freshCompany } from './support/company.ts';
import { awaitBadge, runMs } from './support/main-loop.ts';
import type { Workbench } from './support/workbench.ts';

const workflow = `name: Note in a tone
steps:
  tone:
    wait: {decision: Which tone?, options: [warm, plain]}
  write:
    agent: executor
    needs: tone
    with: {objective: "Write a {{ steps.tone.answer }} note", read: briefs/one-price.md}
    writes: drafts/tone.md
  approve:
    needs: write
    gate: Is the note ready?
  reply:
    needs: approve
    wait: {event: customer-replied}
`;

let company: SampleCompany;
let bench: Bench;
let workbench: Workbench;

beforeAll(async () => {
  company = await freshCompany();
  await writeFile(join(company.folder, '.cairn/workflows/note-in-a-tone.yaml'), workflow);
  bench = await openBench({ folder: company.folder, size: { width: 1280, height: 800 } });
  workbench = bench.workbench;
});

afterAll(async () => {
  await bench?.close();
  await company?.remove();
});

const focused = (text: string) =>
  workbench.view('Approvals').locator('.monaco-list-row.focused', { hasText: text });

// One story: each test begins where the one before has ended.

test('a question of a run stands above the proposals, and counts in the badge', async () => {
  bench.keepEvidence('question');
  await workbench.runCommand('Cairn: Run Workflow');
  await workbench.pick('Note in a tone');
  await awaitBadge(workbench, '1');
  await workbench.openContainer('Cairn');
  await workbench.row('Approvals', 'Your answer: Which tone?').waitFor({ timeout: runMs });
  await workbench.statusBarItem('1').waitFor();
  await workbench.row('Runs', /Note in a tone.*waits for your answer/).waitFor();
  await workbench.clearNotifications();
  await workbench.screenshot('question-dark');
});

test('the timeline shows the question with a button for each answer', async () => {
  bench.keepEvidence('question-timeline');
  await workbench.row('Runs', 'Note in a tone').click();
  const timeline = await workbench.webview('.bar');
  await timeline.getByRole('option', { name: /^Tone, Waits for your answer/ }).click();
  const answers = timeline.getByRole('group', { name: 'Answers' }).locator('vscode-button');
  await expect
    .poll(async () => (await answers.allTextContents()).map((text) => text.trim()))
    .toEqual(['warm', 'plain']);
  await workbench.screenshot('question-timeline-dark');
});

test('it is answered by keys alone, and the run goes on with the answer', async () => {
  bench.keepEvidence('answer');
  await workbench.goToRow('Approvals', 0);
  await focused('Which tone?').waitFor();
  await workbench.page.keyboard.press('Enter');
  await workbench.quickInput().filter({ hasText: 'Which tone?' }).waitFor();
  await workbench.page.keyboard.press('ArrowDown');
  await workbench.page.keyboard.press('Enter');
  await workbench.row('Approvals', 'Write').waitFor({ timeout: runMs });
  await awaitBadge(workbench, '1');
  const timeline = await workbench.webview('.bar');
  await timeline.getByRole('option', { name: /^Tone, Done/ }).click();
  await timeline.locator('.details', { hasText: 'plain' }).waitFor();
});

test('an event is told from the palette, and ends the run that waits for it', async () => {
  bench.keepEvidence('signal');
  await workbench.goToRow('Approvals', 1);
  await focused('Write').waitFor();
  await workbench.page.keyboard.press('Enter');
  await workbench.tab('Review: Write').waitFor();
  await workbench.page.keyboard.press('Control+Enter');
  await workbench.row('Runs', /Note in a tone.*waits for “customer-replied”/).waitFor({ timeout: runMs });
  await workbench.runCommand('Cairn: Signal Event…');
  await workbench.pick('customer-replied');
  await workbench.answer('What is to be told of it?', 'She says yes.');
  await workbench.row('Runs', /Note in a tone.*completed/).waitFor({ timeout: runMs });
});
