import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cli } from '../../scripts/setup.mjs';
import { type Bench, openBench } from './support/bench.ts';
import { type SampleCompany, freshCompany } from './support/company.ts';
import { awaitBadge } from './support/main-loop.ts';

let company: SampleCompany;
let bench: Bench;

beforeAll(async () => {
  company = await freshCompany();
  bench = await openBench({ folder: company.folder });
});

afterAll(async () => {
  await bench?.close();
  await company?.remove();
});

test('P9: a run whose process is killed is taken over by the open window, and loses nothing', async () => {
  bench.keepEvidence('takeover');
  await bench.workbench.openContainer('Cairn');
  await bench.workbench.view('Approvals').getByText('Nothing waits for your decision.').waitFor();
  const asked = createServer();
  asked.listen(0, '127.0.0.1');
  await once(asked, 'listening');
  const { port } = asked.address() as AddressInfo;
  // A model that never answers keeps the process in the middle of its first step with an agent.
  const env = { ...process.env, CAIRN_MODEL_URL: `http://127.0.0.1:${port}/v1`, CAIRN_MODEL: 'silent' };
  const child = spawn(process.execPath, [cli, 'run', 'inbox-to-reply', '--cwd', company.folder], { env });
  await once(asked, 'request');
  child.kill('SIGKILL');
  const killedAtMs = Date.now();
  await once(child, 'close');
  asked.closeAllConnections();
  asked.close();

  await awaitBadge(bench.workbench, '1');
  const [run] = (await company.git('for-each-ref', '--format=%(refname:lstrip=3)', 'refs/cairn')).split('/');
  const journal = await company.read(`.cairn/runs/${run}/journal.jsonl`);
  const resumed = /"at":(\d+),"type":"run\.resumed"/.exec(journal);
  expect(resumed).not.toBeNull();
  console.log(`Taken over ${Number(resumed?.[1]) - killedAtMs} ms after the kill`);
  const reads = journal.split('\n').filter((line) => line.includes('"type":"step.completed","step":"mail"'));
  expect(reads).toHaveLength(1);
});
