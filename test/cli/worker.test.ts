import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cairn, cairnJson } from './support/cairn.ts';
import { freshCompany } from '../e2e/support/company.ts';
import type { SampleCompany } from '../e2e/support/company.ts';

interface Listed {
  readonly runs: readonly { readonly id: string; readonly status: { readonly is: string } }[];
}

let company: SampleCompany;
beforeEach(async () => {
  company = await freshCompany();
  const file = join(company.folder, '.cairn/workflows/content-loop.yaml');
  const on = 'on: {file: [{paths: briefs/*.md, inputs: {brief: "{{ trigger.path }}"}}]}';
  await writeFile(file, (await readFile(file, 'utf8')).replace('on: {manual: true}', on));
});
afterEach(() => company.remove());

const brief = async (name: string) => {
  const text = await company.read('briefs/small-shop-rebrand.md');
  await writeFile(join(company.folder, 'briefs', name), text);
};
const listed = () => cairnJson<Listed>(company.folder, ['runs']);

test('a new brief starts a run that waits for a decision; the next look starts nothing', async () => {
  expect(await cairn(company.folder, ['worker', '--once'])).toMatchObject({ code: 0, err: '' });
  expect(await listed()).toMatchObject({ runs: [] });
  await brief('another.md');
  const { code, out } = await cairn(company.folder, ['worker', '--once', '--json']);
  const lines = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(code).toBe(3);
  expect(lines).toMatchObject([
    { event: 'started', workflow: 'content-loop', trigger: 'file briefs/another.md' },
    { event: 'rested', driven: 'waiting', status: { is: 'waiting' } },
  ]);
  expect(await cairn(company.folder, ['worker', '--once'])).toMatchObject({
    code: 0,
    out: 'Nothing is due.\n',
  });
  const { runs } = await listed();
  expect(runs).toHaveLength(1);
  const shown = await cairn(company.folder, ['show', runs[0]?.id ?? '']);
  expect(shown.out).toContain('started by file briefs/another.md');
  const { triggers } = await cairnJson<{ triggers: object[] }>(company.folder, ['triggers']);
  expect(triggers).toMatchObject([{ trigger: 'file briefs/*.md', fired: { run: runs[0]?.id } }]);
});

test('the worker starts what comes, lets go on Ctrl+C wherever it is, and the next one goes on', async () => {
  let told = '';
  const worker = cairn(company.folder, ['worker'], {
    detached: true,
    onStart: (child) => {
      child.stdout?.on('data', (text: string) => {
        told += text;
        if (/Kept from now on/.test(text)) void brief('another.md');
        // The whole group, with the git that it may be waiting for, as a terminal does it.
        if (/started by file/.test(text) && child.pid) process.kill(-child.pid, 'SIGINT');
      });
    },
  });
  expect(await worker).toMatchObject({ code: 0, err: '' });
  expect(told).toContain('Ended');
  const after = await cairn(company.folder, ['worker', '--once']);
  expect({ code: after.code, err: after.err }).toEqual({ code: 3, err: '' });
  expect((await listed()).runs).toMatchObject([{ status: { is: 'waiting' } }]);
});

test('P2: a worker that is killed as it starts a run leaves one run, which the next one goes on with', async () => {
  await cairn(company.folder, ['worker', '--once']);
  await brief('another.md');
  await cairn(company.folder, ['worker'], {
    onStart: (child) =>
      child.stdout?.on('data', (text) => /started by/.test(String(text)) && child.kill('SIGKILL')),
  });
  const { code, out } = await cairn(company.folder, ['worker', '--once']);
  expect([code, /goes on/.test(out)]).toEqual([3, true]);
  expect((await listed()).runs).toMatchObject([{ status: { is: 'waiting' } }]);
});
