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

test('a step whose condition does not hold is left out, and what needs it goes on', async () => {
  await allowDrafts();
  const trial = `name: Trial
inputs:
  tone: {default: plain}
steps:
  warm:
    agent: executor
    if: inputs.tone == 'warm'
    with: {objective: Write a warm note on prices, read: briefs/one-price.md}
    writes: drafts/warm.md
  plain:
    agent: executor
    if: inputs.tone != 'warm'
    with: {objective: Write a plain note on prices, read: briefs/one-price.md}
    writes: drafts/plain.md
  tell:
    agent: executor
    needs: [warm, plain]
    with: {objective: 'Tell what was written{% if steps.warm %}, warmly{% endif %}', read: briefs/one-price.md}
    writes: drafts/told.md
`;
  await write('.cairn/workflows/trial.yaml', trial);
  const plain = await cairn(company.folder, ['run', 'trial']);
  expect(plain).toMatchObject({ code: 0, err: '' });
  expect(plain.out).toContain("Warm left out: “inputs.tone == 'warm'” does not hold.");
  expect(await company.git('ls-files', 'drafts')).toBe('drafts/.gitkeep\ndrafts/plain.md\ndrafts/told.md');
  const warm = await cairn(company.folder, ['run', 'trial', '--input', 'tone=warm']);
  expect(warm).toMatchObject({ code: 0, err: '' });
  expect(await company.git('ls-files', 'drafts/warm.md')).toBe('drafts/warm.md');
});

test('a condition that cannot be read fails its step with its place, and starts nothing', async () => {
  await workflow(`  draft:
    agent: executor
    if: run.id | nosuchfilter
    with: {objective: Write a note}
    writes: drafts/trial.md
`);
  const { code, out } = await cairn(company.folder, ['run', 'trial']);
  expect(code).toBe(1);
  expect(out).toMatch(/trial\.yaml:3: The template steps\.draft\.if/);
});
