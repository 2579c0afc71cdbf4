import { execFile } from 'node:child_process';
import { readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cli } from '../../scripts/setup.mjs';
import { type Bench, openBench } from './support/bench.ts';
import { type SampleCompany, freshCompany } from './support/company.ts';
import { awaitBadge, runMs } from './support/main-loop.ts';
import type { Workbench } from './support/workbench.ts';

const execute = promisify(execFile);
const days60Ms = 60 * 24 * 60 * 60_000;

const workflow = `name: Note in a tone
steps:
  read:
    connector: inbox
    operation: mails
    with: {newest: "1"}
  tone:
    needs: read
    wait: {decision: Which tone?, options: [warm, plain]}
`;

const triggers = `on:
  schedule: [{cron: 0 9 * * 1, timezone: Europe/London}]
  file: [{paths: [briefs/*.md]}]
  connector: [{connector: nowhere, operation: items}]
`;

let company: SampleCompany;
let bench: Bench;
let workbench: Workbench;

/** A run that has come to its end. */
let finished: string;

beforeAll(async () => {
  company = await freshCompany();
  await writeWorkflow(workflow);
  bench = await openBench({ folder: company.folder, size: { width: 1280, height: 800 } });
  workbench = bench.workbench;
  await workbench.openContainer('Cairn');
});

afterAll(async () => {
  await bench?.close();
  await company?.remove();
});

const writeWorkflow = (text: string) =>
  writeFile(join(company.folder, '.cairn/workflows/note-in-a-tone.yaml'), text);

const journalOf = (run: string) => join(company.folder, '.cairn/runs', run, 'journal.jsonl');

/** Runs a workflow in a process of its own, as far as it goes. */
async function runInTerminal(...args: string[]): Promise<string> {
  const given = [cli, 'run', ...args, '--json', '--cwd', company.folder];
  // A run that waits ends the command with a code of its own.
  const { stdout } = await execute(process.execPath, given).catch((ended: { stdout: string }) => ended);
  return (JSON.parse(stdout) as { run: string }).run;
}

// One story: each test begins where the one before has ended.

test('without runs and triggers, commands say what there is not', async () => {
  bench.keepEvidence('no-runs');
  await workbench.view('Approvals').getByText('Nothing waits for your decision.').waitFor({ timeout: runMs });
  await workbench.typeCommand('Cairn: Fork Run…');
  await workbench.awaitNotification('There is no run to fork yet.');
  await workbench.typeCommand('Cairn: Prune Old Runs');
  await workbench.awaitNotification('Nothing to prune. Run folders take 0 bytes of 500 MB.');
  await workbench.typeCommand('Cairn: Show Triggers');
  const told = await workbench.awaitNotification('No workflow has a trigger');
  await told.getByRole('button', { name: 'Open a Workflow' }).waitFor();
  await workbench.screenshot('no-runs-dark');
  await workbench.clearNotifications();
});

test('a finished run is forked from a step, and what it had applied is offered to be taken back', async () => {
  bench.keepEvidence('fork');
  finished = await runInTerminal('inbox-to-reply', '--yes');
  await workbench.row('Runs', /Inbox to reply.*completed/).waitFor();
  await workbench.typeCommand('Cairn: Fork Run…');
  await workbench.typePick('Inbox to reply');
  await workbench.quickInput().getByText('All that is done').waitFor();
  await workbench.screenshot('fork-dark');
  await workbench.typePick('After Research');
  await workbench.typePick('The run’s own definition');
  const timeline = await workbench.webview(`.facts:has-text("forked from ${finished} after research")`);
  await timeline.getByRole('option', { name: /^Approve, Done/ }).waitFor({ timeout: runMs });
  const told = await workbench.awaitNotification('Forked: 2 steps of the run are kept.');
  expect(await told.innerText()).toContain('1 proposal that');
  await told.getByRole('button', { name: 'Revert…' }).waitFor();
  await workbench.screenshot('forked-dark');
  await workbench.clearNotifications();
});

test('a run under way goes on with a changed workflow, once its changes were read', async () => {
  bench.keepEvidence('migrate');
  const old = await runInTerminal('note-in-a-tone');
  await workbench.row('Runs', 'Note in a tone').waitFor();
  await workbench.typeCommand('Cairn: Migrate Run to Current Definition…');
  await workbench.typePick('Note in a tone');
  await workbench.awaitNotification('Note in a tone is on the current definition.');
  await workbench.clearNotifications();
  await writeWorkflow(workflow.replace('warm, plain', 'warm, plain, short'));
  await workbench.typeCommand('Cairn: Migrate Run to Current Definition…');
  await workbench.typePick('Note in a tone');
  await workbench.dialog('Go on with Note in a tone on the current definition?').waitFor();
  await workbench.dialog('Kept: Read.').waitFor();
  await workbench.screenshot('migrate-dark');
  await workbench.page.keyboard.press('Escape');
  // What has changed again meanwhile is in the comparison that is open already.
  await writeWorkflow(workflow.replace('warm, plain', 'warm, plain, brief'));
  await workbench.editorAction('Migrate Run');
  await workbench.dialog('Kept: Read.').waitFor();
  await workbench.page.locator('.editor.modified .view-lines', { hasText: 'brief' }).waitFor();
  await workbench.page.keyboard.press('Enter');
  const timeline = await workbench.webview(`.facts:has-text("forked from ${old}")`);
  await timeline.getByRole('option', { name: /^Tone, Waits for your answer/ }).waitFor();
  expect(await workbench.tab('pinned ↔ current').count()).toBe(0);
  await workbench.row('Runs', /Note in a tone.*stopped/).waitFor();
  await workbench.clearNotifications();
  await workbench.screenshot('migrated-dark');
});

test('a workflow that is broken meanwhile is named with its file and among triggers, and nothing is stopped', async () => {
  bench.keepEvidence('migrate-broken');
  await writeWorkflow('name: [');
  await workbench.typeCommand('Cairn: Migrate Run to Current Definition…');
  await workbench.typePick('Note in a tone');
  await workbench.awaitNotification('.cairn/workflows/note-in-a-tone.yaml:1:8');
  await workbench.row('Runs', /Note in a tone.*waits for your answer/).waitFor();
  await workbench.clearNotifications();
  await workbench.typeCommand('Cairn: Show Triggers');
  await workbench.typePick('note-in-a-tone.yaml');
  await workbench.tab('note-in-a-tone.yaml').waitFor();
});

test('a run replays from its journal', async () => {
  bench.keepEvidence('replay');
  await workbench.typeCommand('Cairn: Replay Run');
  await workbench.typePick('Inbox to reply', finished);
  await workbench.awaitNotification(/Inbox to reply replays: \d+ records, all as recorded\./);
  await workbench.screenshot('replay-dark');
  await workbench.clearNotifications();
});

test('old runs are pruned once they were seen, and one is brought back from its archive', async () => {
  bench.keepEvidence('prune');
  const then = new Date(Date.now() - days60Ms);
  await utimes(journalOf(finished), then, then);
  await workbench.typeCommand('Cairn: Prune Old Runs');
  await workbench.dialog(finished).waitFor();
  await workbench.screenshot('prune-dark');
  await workbench.page.keyboard.press('Enter');
  await workbench.awaitNotification('Pruned 1 folder.');
  await expect(readFile(journalOf(finished))).rejects.toThrow('ENOENT');
  await workbench.row('Runs', 'archived').waitFor();
  await workbench.clearNotifications();
  await workbench.typeCommand('Cairn: Restore Archived Run');
  await workbench.typePick('Inbox to reply');
  await workbench.statusBarItem('Inbox to reply is back').waitFor();
  await workbench.row('Runs', 'archived').waitFor({ state: 'detached' });
});

test('a run that does not replay says where, loudly, and shows the record', async () => {
  bench.keepEvidence('diverge');
  const n = await tamper(journalOf(finished), 'Approve the reply?', 'Keep the reply?');
  await workbench.typeCommand('Cairn: Replay Run');
  await workbench.typePick('Inbox to reply', finished);
  const said = new RegExp(`does not replay: record ${n} \\(gate\\.opened of “approve”\\)`);
  await workbench.awaitNotification(said);
  await workbench.screenshot('replay-different-dark');
  await workbench.pressInNotification(said, 'Show Record');
  await workbench.tab('journal.jsonl').waitFor();
  await workbench.statusBarItem(`Ln ${n}, Col 1`).waitFor();
  await workbench.typeCommand('Preferences: Toggle between Light/Dark Themes');
  await workbench.page.locator('.monaco-workbench.vs').waitFor();
  await workbench.screenshot('replay-different-light');
});

test('triggers tell when they fire and what is wrong, and who keeps them', async () => {
  bench.keepEvidence('triggers');
  await writeWorkflow(`${triggers}${workflow}`);
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
  await awaitBadge(workbench, '2');
  await workbench.row('Runs', 'Note in a tone').click();
  await workbench.webview('.facts:has-text("started by file briefs/winter-hours.md")');
  await workbench.typeCommand('Cairn: Show Triggers');
  await workbench.quickInput().getByText('waits for a file · last just now').waitFor();
  await workbench.screenshot('trigger-fired-light');
  await workbench.page.keyboard.press('Escape');
});

/** Changes a record and its checksum, as no engine would have recorded it; the record's number. */
async function tamper(journal: string, from: string, to: string): Promise<number> {
  const lines = (await readFile(journal, 'utf8')).split('\n');
  const at = lines.findIndex((line) => line.includes('"type":"gate.opened"'));
  const line = lines[at] ?? '';
  const covered = line.slice(0, line.lastIndexOf(',"crc"')).replace(from, to);
  lines[at] = `${covered},"crc":"${crc32(covered).toString(16).padStart(8, '0')}"}`;
  await writeFile(journal, lines.join('\n'));
  return at + 1;
}
