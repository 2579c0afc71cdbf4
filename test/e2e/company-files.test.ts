import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bench, openBench } from './support/bench.ts';
import { type SampleCompany, freshCompany } from './support/company.ts';
import type { Workbench } from './support/workbench.ts';

const workflow = '.cairn/workflows/content-loop.yaml';

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

test('the extension activates in less than 100 ms', async () => {
  bench.keepEvidence('activation');
  await workbench.statusBarItem('Cairn').waitFor();
  const [, text] = /Activated in ([\d.]+) ms/.exec(await bench.editor.logs()) ?? [];
  console.log(`Activated in ${text} ms`);
  expect(Number(text)).toBeLessThan(100);
});

test('memory is searched while one types, with the note in front as a preview', async () => {
  bench.keepEvidence('memory');
  await workbench.runCommand('Cairn: Search Memory');
  const input = workbench.quickInput().getByPlaceholder('What do you want to know?');
  await input.fill('third round of changes');
  const hit = workbench.quickInput().locator('.monaco-list-row', { hasText: 'two rounds of changes' });
  await hit.first().waitFor();
  await workbench.tab('.md').waitFor();
  await workbench.screenshot('memory-dark');
  await hit.first().click();
  await workbench.tab('two-rounds-of-changes.md').waitFor();
});

test('a broken workflow is a problem at its line, while the others still run', async () => {
  bench.keepEvidence('broken');
  const sound = await company.read(workflow);
  await writeFile(join(company.folder, workflow), sound.replace('agent: planner', 'agnet: planner'));
  await workbench.runCommand('View: Toggle Problems');
  const line = sound.split('\n').indexOf('  plan:') + 1;
  const problem = workbench.page.locator('.markers-panel .monaco-list-row', { hasText: `[Ln ${line}, Col` });
  await problem.filter({ hasText: 'steps.plan needs one of agent' }).waitFor();
  await workbench.screenshot('problem-dark');
  await workbench.runCommand('Cairn: Run Workflow');
  await workbench.quickInput().locator('.monaco-list-row', { hasText: 'Inbox to reply' }).waitFor();
  await workbench.page.keyboard.press('Escape');
  await writeFile(join(company.folder, workflow), sound);
  await problem.waitFor({ state: 'detached' });
});
