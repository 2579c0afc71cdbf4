import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../../scripts/setup.mjs';
import { type Bench, openBench } from './support/bench.ts';
import { type SampleCompany, freshCompany } from './support/company.ts';
import { runInboxToReply, runMs } from './support/main-loop.ts';

let company: SampleCompany;
let bench: Bench;

beforeAll(async () => {
  company = await freshCompany();
  const fixture = join(root, 'test', 'e2e', 'fixtures', 'lm-provider');
  bench = await openBench({ folder: company.folder, fixture });
});

afterAll(async () => {
  await bench?.close();
  await company?.remove();
});

test('the agents work with the editor’s own models once they are chosen', async () => {
  bench.keepEvidence('editor-model');
  const { workbench } = bench;
  await workbench.runCommand('Cairn: Configure Models');
  await workbench.pick('The editor’s own models');
  await workbench.pick('Steady');
  await workbench.awaitNotification('The agents now work with: Editor model steady.');
  const allow = workbench.page.locator('.monaco-dialog-box').getByRole('button', { name: 'Allow' });
  await workbench.page.addLocatorHandler(allow, () => allow.click());
  await runInboxToReply(workbench);
  const row = workbench.row('Approvals', 'Write the reply');
  await expect
    .poll(() => row.innerText(), { timeout: runMs })
    .toContain('Replies by the editor’s own model.');
  await workbench.rowAction(row, 'Approve');
  await expect
    .poll(() => company.git('log', '-1', '--format=%(trailers:key=Cairn-Model,valueonly)'), {
      timeout: runMs,
    })
    .toMatch(/steady/);
});
