import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LLMock } from '@copilotkit/aimock';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cairn, cairnJson } from './support/cairn.ts';
import { freshCompany } from '../e2e/support/company.ts';
import type { SampleCompany } from '../e2e/support/company.ts';

interface Waiting {
  readonly run: string;
  readonly proposals: readonly { readonly id: string; readonly current: { readonly tainted: boolean } }[];
}

let company: SampleCompany;
beforeEach(async () => {
  company = await freshCompany();
});
afterEach(() => company.remove());

const write = (path: string, text: string) => writeFile(join(company.folder, path), text);
const workflow = (steps: string) => write('.cairn/workflows/trial.yaml', `name: Trial\nsteps:\n${steps}`);
const allowDrafts = () =>
  write('.cairn/policy.yaml', 'rules:\n  - {when: {path: drafts/**}, then: allow, why: Drafts are free.}\n');

test('what a rule allows is applied without asking', async () => {
  await allowDrafts();
  await workflow(`  draft:
    agent: executor
    with: {objective: Write a note on prices, read: briefs/one-price.md}
    writes: drafts/trial.md
`);
  const { code, out } = await cairn(company.folder, ['run', 'trial']);
  expect(out).toContain('approved by policy: Drafts are free.');
  expect(code).toBe(0);
});

test('P7: a model that names no source is still asked when it was given text from outside', async () => {
  const server = await LLMock.create({ port: 0, logLevel: 'silent' });
  try {
    const files = [{ path: 'drafts/trial.md', content: '# Trial\n\nAll is well.\n' }];
    server.on({}, { content: JSON.stringify({ intent: 'Writes', unlocks: '', files, sources: [] }) });
    await allowDrafts();
    await workflow(`  draft:
    agent: executor
    with:
      objective: Write
      fetch: [{connector: inbox, operation: mails}]
    writes: drafts/trial.md
`);
    const env = { CAIRN_MODEL_URL: `${server.url}/v1`, CAIRN_MODEL: 'm' };
    const { code, out } = await cairn(company.folder, ['run', 'trial', '--json'], { env });
    expect(code).toBe(3);
    expect((JSON.parse(out) as Waiting).proposals).toMatchObject([{ current: { tainted: true } }]);
  } finally {
    await server.stop();
  }
});

test('P7: files that a connector reads are text from outside, however a step comes by them', async () => {
  await allowDrafts();
  await workflow(`  draft:
    agent: executor
    with: {objective: Write a note on the mails, read: inbox/*.eml}
    writes: drafts/trial.md
`);
  const { proposals } = await cairnJson<Waiting>(company.folder, ['run', 'trial']);
  expect(proposals).toMatchObject([{ current: { tainted: true } }]);
});

test('P7: a rule cannot allow what agents obey later', async () => {
  await write('.cairn/policy.yaml', 'rules:\n  - {then: allow, why: All is free.}\n');
  await workflow(`  draft:
    agent: executor
    with: {objective: Write the house rules, read: briefs/one-price.md}
    writes: AGENTS.md
`);
  expect((await cairn(company.folder, ['run', 'trial'])).code).toBe(3);
});

test('work goes back from the gate that asked, wherever other gates stand in the file', async () => {
  await workflow(`  a:
    agent: executor
    with: {objective: Write a note on prices, read: briefs/one-price.md}
    writes: drafts/trial.md
  all: {gate: All of it?, needs: [first, a]}
  first: {gate: This?, needs: [a]}
`);
  const { run } = await cairnJson<Waiting>(company.folder, ['run', 'trial']);
  const revised = await cairn(company.folder, ['revise', `${run}/1`, '--comment', 'Shorter, please']);
  expect(revised.code).toBe(3);
  expect((await cairn(company.folder, ['cancel', run])).code).toBe(0);
});
