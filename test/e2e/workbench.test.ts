import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bench, openBench } from './support/bench.ts';
import { type SampleCompany, freshCompany } from './support/company.ts';

let company: SampleCompany;
let bench: Bench;

beforeAll(async () => {
  company = await freshCompany();
  bench = await openBench({ folder: company.folder, trust: false, theme: 'light' });
});

afterAll(async () => {
  await bench?.close();
  await company?.remove();
});

test('VS Code opens the sample company and shows its files', async () => {
  bench.keepEvidence('explorer');
  await bench.workbench.page.locator('.explorer-folders-view', { hasText: 'AGENTS.md' }).waitFor();
});

test('a folder that is not trusted opens in Restricted Mode', async () => {
  bench.keepEvidence('restricted');
  await bench.workbench.statusBarItem('Restricted Mode').waitFor();
});

test('in Restricted Mode Cairn only says why it does nothing', async () => {
  bench.keepEvidence('read-only');
  const { workbench } = bench;
  await workbench.openContainer('Cairn');
  await workbench.view('Approvals').getByText('This folder is not trusted, so no agent runs').waitFor();
  expect(await workbench.rows('Runs')).toEqual([]);
  expect(await workbench.offeredCommands('Cairn:')).not.toContain('Cairn: Run Workflow');
  await expect(company.read('.cairn/runs')).rejects.toThrow('ENOENT');
});

test('the palette runs a command by its title', async () => {
  bench.keepEvidence('palette');
  await bench.workbench.runCommand('View: Show Extensions');
  await bench.workbench.page.locator('.pane-header', { hasText: 'Installed' }).first().waitFor();
});

test('the theme asked for is the theme shown', async () => {
  bench.keepEvidence('theme');
  await bench.workbench.screenshot('workbench');
  const classes = await bench.workbench.page.locator('.monaco-workbench').getAttribute('class');
  expect(classes?.split(' ')).toContain('vs');
});
