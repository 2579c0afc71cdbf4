import { LLMock } from '@copilotkit/aimock';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cairn, cairnJson } from './support/cairn.ts';
import { freshCompany } from '../e2e/support/company.ts';
import type { SampleCompany } from '../e2e/support/company.ts';

const key = 'sk-very-secret-0123456789';
const path = 'replies/2026-11-18-hollow-hill-winter-box.md';
const letter = `---
title: "Re: Labels for the winter box"
date: 2026-11-22
---

# Re: Labels for the winter box

Dear Ruth, thank you for asking about the labels. Every fixed price includes two rounds of changes, and a third
one costs £320, which you would hear before the second one starts [[two-rounds-of-changes]]. I will come back to
you about the farm shop in Cheddar by Friday, once I have spoken to them.

Best regards
Ines Marlow
`;

const usage = { prompt_tokens: 1000, completion_tokens: 200 };
const findings = { summary: 'Two rounds are included.', findings: [], gaps: [] };
const draft = {
  intent: 'Replies to Ruth',
  unlocks: 'She can plan.',
  files: [{ path, content: letter }],
  sources: [],
};
const judgement = { verdict: 'pass', score: 0.9, summary: 'Ready.', issues: [] };

let company: SampleCompany;
let server: LLMock;
beforeEach(async () => {
  company = await freshCompany();
  server = await LLMock.create({ port: 0, logLevel: 'silent' });
});
afterEach(async () => {
  await server.stop();
  await company.remove();
});

/** Answers requests for a schema in this order, the last answer again and again. */
function answer(schema: string, ...answers: readonly (object | string)[]): void {
  const asks = (body: object) => JSON.stringify(body).includes(`"name":"${schema}"`);
  for (const [i, one] of answers.entries()) {
    const response = typeof one === 'object' && 'error' in one ? one : { content: textOf(one), usage };
    const last = i === answers.length - 1;
    server.on({ predicate: asks, ...(last ? {} : { sequenceIndex: i }) }, response as { content: string });
  }
}

function textOf(one: object | string): string {
  return typeof one === 'string' ? one : JSON.stringify(one);
}

const withServer = () => ({
  env: { CAIRN_MODEL_URL: `${server.url}/v1`, CAIRN_MODEL: 'studio-model', CAIRN_API_KEY: key },
});

test('a run on a model server waits out a limit, has a reply repaired, and counts every token', async () => {
  answer('findings', { error: { message: 'Slow down' }, status: 429, retryAfter: 1 }, findings);
  answer('draft', 'I would rather not answer in JSON.', draft);
  answer('judgement', judgement);
  const { code, out, err } = await cairn(company.folder, ['run', 'inbox-to-reply', '--yes'], withServer());
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain('studio-model');
  expect(await company.read(path)).toBe(letter);
  const trailers = await company.git('log', '-1', '--format=%(trailers)');
  expect(trailers).toContain('Cairn-Model: studio-model');
  expect(trailers).toContain('Cairn-Cost: 2400 tokens');
  const { runs } = await cairnJson<{ runs: { cost: { tokensIn: number } }[] }>(company.folder, ['runs']);
  expect(runs[0]?.cost.tokensIn).toBe(4000);
});

test('a limit that lasts is not waited out, and the run says until when it rests', async () => {
  answer('findings', { error: { message: 'Slow down' }, status: 429, retryAfter: 3_600 });
  const { code, out } = await cairn(company.folder, ['run', 'inbox-to-reply', '--yes'], withServer());
  expect(code).toBe(3);
  expect(out).not.toContain('Interrupted');
  expect(out).toMatch(/waits until \d[\d: -]+ to try again: \S/);
  const [, run = ''] = /or: cairn resume (\S+)/.exec(out) ?? [];
  const { out: runs } = await cairn(company.folder, ['runs']);
  expect(runs).toMatch(new RegExp(`${run}.*waits until .* to try again`));
});

test('a model that stays unusable ends in a clear failure, and a retry goes on from there', async () => {
  answer('findings', findings);
  answer('draft', 'Never.');
  const failed = await cairn(company.folder, ['run', 'inbox-to-reply', '--yes'], withServer());
  expect(failed.code).toBe(1);
  expect(failed.out).toMatch(/Try again: cairn retry/);
  server.reset();
  answer('draft', draft);
  answer('judgement', judgement);
  const { runs } = await cairnJson<{ runs: { id: string }[] }>(company.folder, ['runs']);
  const again = await cairn(company.folder, ['retry', runs[0]?.id ?? '', '--yes'], withServer());
  expect(again.code).toBe(0);
  expect(await company.read(path)).toBe(letter);
});

test('a step that fails for its input is tried with another one, for that run alone', async () => {
  const wish = (body: object) => JSON.stringify(body).includes('In three lines');
  server.on({ predicate: wish }, { content: textOf(draft), usage });
  answer('findings', findings);
  answer('draft', 'Never.');
  answer('judgement', judgement);
  const { out } = await cairn(company.folder, ['run', 'inbox-to-reply', '--yes'], withServer());
  const [, run = ''] = /cairn retry (\S+) --step reply --with objective=…/.exec(out) ?? [];
  const args = ['retry', run, '--step', 'reply', '--with', 'objective=In three lines', '--yes'];
  const again = await cairn(company.folder, args, withServer());
  expect({ code: again.code, err: again.err }).toEqual({ code: 0, err: '' });
  expect(await company.read(path)).toBe(letter);
  expect(await company.git('status', '--porcelain')).toBe('');
});

test('a run goes on without a step that was skipped, and keeps why', async () => {
  answer('findings', findings);
  answer('draft', 'Never.');
  const { out } = await cairn(company.folder, ['run', 'inbox-to-reply', '--yes'], withServer());
  const [, run = ''] = /cairn skip (\S+) reply --why …/.exec(out) ?? [];
  const bare = await cairn(company.folder, ['skip', run, 'reply', '--why', ' '], withServer());
  expect(bare).toMatchObject({ code: 2, err: expect.stringContaining('needs a reason') });
  const why = 'I have called Ruth.';
  const skipped = await cairn(company.folder, ['skip', run, 'reply', '--why', why, '--yes'], withServer());
  expect({ code: skipped.code, err: skipped.err }).toEqual({ code: 0, err: '' });
  expect(skipped.out).toContain(`skipped by`);
  const { out: shown } = await cairn(company.folder, ['show', run]);
  expect(shown).toContain('Completed');
  expect(await company.git('rev-list', '--count', 'HEAD')).toBe('1');
  const journal = await company.read(`.cairn/runs/${run}/journal.jsonl`);
  expect(journal).toContain(why);
  const late = await cairn(company.folder, ['skip', run, 'reply', '--why', why]);
  expect(late).toMatchObject({ code: 1, err: expect.stringContaining('has not failed') });
});

test('a step is handed over, and the run waits until it is said to be done', async () => {
  answer('findings', findings);
  answer('draft', 'Never.');
  const { out } = await cairn(company.folder, ['run', 'inbox-to-reply', '--yes'], withServer());
  const [, run = ''] = /cairn take (\S+) reply/.exec(out) ?? [];
  const taken = await cairn(company.folder, ['take', run, 'reply', '--yes'], withServer());
  expect(taken).toMatchObject({ code: 3, out: expect.stringContaining('is yours to do by hand') });
  const done = await cairn(company.folder, ['answer', run, 'reply', 'It is done', '--yes'], withServer());
  expect({ code: done.code, err: done.err }).toEqual({ code: 0, err: '' });
  expect((await cairn(company.folder, ['replay', run])).code).toBe(0);
});

test('the key reaches the server and nothing else', async () => {
  answer('findings', { error: { message: `Incorrect API key provided: ${key}` }, status: 401 });
  const { out, err, code } = await cairn(company.folder, ['run', 'inbox-to-reply', '--yes'], withServer());
  expect(code).toBe(1);
  expect(JSON.stringify(server.getLastRequest()?.headers)).toContain('authorization');
  const grep = await company.git('grep', '-r', '--no-index', '--count', key).catch(() => 'nowhere');
  expect({ grep, told: `${out}${err}`.includes(key) }).toEqual({ grep: 'nowhere', told: false });
});
