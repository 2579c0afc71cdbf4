import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cairn, cairnJson } from './support/cairn.ts';
import { freshCompany } from '../e2e/support/company.ts';
import type { SampleCompany } from '../e2e/support/company.ts';

let company: SampleCompany;
beforeEach(async () => {
  company = await freshCompany();
  const step = (id: string) =>
    `  ${id}:\n    agent: executor\n    with: {objective: Write, read: briefs/one-price.md}\n    writes: drafts/${id}.md\n`;
  const text = `name: Two\nbudget: {steps: 1}\nsteps:\n${step('first')}${step('second').replace('    agent', '    needs: first\n    agent')}`;
  await writeFile(join(company.folder, '.cairn/workflows/two.yaml'), text);
});
afterEach(() => company.remove());

test.each([
  ['As much again', 3],
  ['Go on without this limit', 3],
  ['Stop the run', 1],
])('P10: a run whose budget is spent waits with a choice: “%s”', async (choice, code) => {
  const { run } = await cairnJson<{ run: string }>(company.folder, ['run', 'two']);
  const shown = await cairn(company.folder, ['show', run]);
  expect(shown.out).toContain('The run has spent 1 of 1 steps. Go on?');
  const answered = await cairn(company.folder, ['answer', run, 'second', choice]);
  expect(answered).toMatchObject({ code });
  const { proposals } = await cairnJson<{ proposals: readonly unknown[] }>(company.folder, ['proposals']);
  expect(proposals).toHaveLength(choice === 'Stop the run' ? 0 : 2);
});
