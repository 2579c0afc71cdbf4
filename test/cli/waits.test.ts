import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cairn, cairnJson } from './support/cairn.ts';
import { freshCompany } from '../e2e/support/company.ts';
import type { SampleCompany } from '../e2e/support/company.ts';

interface Answer {
  readonly run: string;
  readonly status: { readonly is: string };
  readonly proposals: readonly { readonly id: string }[];
  readonly waits: readonly { readonly step: string; readonly wait: { readonly for: string } }[];
}

let company: SampleCompany;
beforeEach(async () => {
  company = await freshCompany();
});
afterEach(() => company.remove());

const run = (...args: string[]) => cairn(company.folder, args);
const json = (...args: string[]) => cairnJson<Answer>(company.folder, args);

/** Writes a workflow of these steps, starts it, and answers where it rests. */
async function start(steps: string): Promise<Answer> {
  await write(steps);
  return json('run', 'told');
}

const write = (steps: string) =>
  writeFile(join(company.folder, '.cairn/workflows/told.yaml'), `name: Told\nsteps:\n${steps}`);

const writes = (needs: string, objective: string) => `  write:
    agent: executor
    needs: ${needs}
    with: {objective: "${objective}", read: briefs/one-price.md}
    writes: drafts/told.md
`;

/** Goes on with a run until it is over: its time comes by itself. */
async function untilOver(id: string): Promise<Answer> {
  let answer = await json('resume', id);
  await expect
    .poll(
      async () => {
        answer = await json('resume', id);
        return answer.status.is;
      },
      { timeout: 40_000 },
    )
    .not.toMatch(/^(running|waiting)$/);
  return answer;
}

describe('a question', () => {
  const question = `  ask:
    wait: {decision: Which tone?, options: [warm, plain and short]}
${writes('ask', 'Write a note that is {{ steps.ask.answer }}')}`;

  test('is told with its options and commands, answered once, and the next steps know the answer', async () => {
    await write(question);
    const { code, out } = await run('run', 'told');
    expect(code).toBe(3);
    expect(out).toContain('waits for your answer: Which tone? (warm / plain and short)');
    const [, id = ''] = /cairn answer (\S+) ask 'plain and short'/.exec(out) ?? [];
    expect(await run('answer', id, 'ask', 'cold')).toMatchObject({
      code: 2,
      err: expect.stringContaining('Choose one of: warm'),
    });
    expect((await run('answer', id, 'write', 'warm')).err).toContain('does not wait for an answer');
    const answered = await run('answer', id, 'ask', 'plain and short');
    expect(answered.code).toBe(3);
    expect(answered.out).toContain('✓ Ask: plain and short');
    const [proposal] = (await json('proposals')).proposals;
    expect(proposal?.id).toBe(`${id}/1`);
    const journal = await company.read(`.cairn/runs/${id}/journal.jsonl`);
    expect(journal).toContain('Write a note that is plain and short');
    expect(await run('answer', id, 'ask', 'warm')).toMatchObject({
      code: 1,
      err: expect.stringContaining('does not wait for an answer'),
    });
  });

  test('asks nobody where nobody can answer: it says what to write', async () => {
    const { run: id, waits } = await start(question);
    expect(waits).toMatchObject([{ step: 'ask', wait: { for: 'answer', question: 'Which tone?' } }]);
    const { code, err } = await run('answer', id);
    expect(code).toBe(2);
    expect(err).toContain('ask: Which tone? (warm / plain and short)');
    expect(err).toContain(`cairn answer ${id} STEP CHOICE`);
  });

  test('is shown by the run: what it waits for, how to answer, and what comes next', async () => {
    const { run: id } = await start(question);
    const { out } = await run('show', id);
    expect(out).toContain('Waits for your answer: Which tone?');
    expect(out).toContain(`cairn answer ${id} ask warm`);
    expect(out).toContain('Next: Write');
    expect(out).toContain('no cost');
    expect((await run('runs')).out).toContain('Ask waits for your answer: Which tone?');
  });

  test('of two processes that answer at once, one counts', async () => {
    const { run: id } = await start(question);
    await Promise.all(['warm', 'plain and short'].map((choice) => run('answer', id, 'ask', choice)));
    await run('resume', id);
    const journal = await company.read(`.cairn/runs/${id}/journal.jsonl`);
    expect(journal.match(/"type":"step.completed","step":"ask"/g)).toHaveLength(1);
  });

  test('whose time is up is answered by its default', async () => {
    const limit = 'options: [warm, plain and short], within: 1 second, otherwise: warm}';
    const { run: id } = await start(question.replace('options: [warm, plain and short]}', limit));
    await expect.poll(async () => (await json('resume', id)).proposals.length, { timeout: 40_000 }).toBe(1);
    expect(await company.read(`.cairn/runs/${id}/journal.jsonl`)).toContain('a note that is warm');
  });
});

describe('an event', () => {
  const rain = '  rain:\n    needs: approve\n    wait: {event: rain}\n';
  const gated = `  begin:\n    wait: 1 second\n${writes('begin', 'Write a note')}  approve:\n    needs: write\n    gate: Good?\n${rain}`;

  test('that is signalled before it is waited for is not missed', async () => {
    const { run: id } = await start(gated);
    const unknown = await run('signal', id, 'snow');
    expect(unknown).toMatchObject({ code: 2, err: expect.stringContaining('It waits for: rain') });
    const { code, out } = await run('signal', id, 'rain', 'It pours');
    expect(code).toBe(3);
    expect(out).toContain('• “rain” has happened: It pours');
    expect((await run('approve', `${id}/1`)).code).toBe(0);
  });

  test('that is waited for is told with its command, and lets the run go on', async () => {
    await write('  rain:\n    wait: {event: rain}\n');
    const { code, out } = await run('run', 'told');
    expect(code).toBe(3);
    expect(out).toContain('waits for “rain”');
    const [, id = ''] = /cairn signal (\S+) rain/.exec(out) ?? [];
    expect((await run('signal', id, 'rain')).code).toBe(0);
    expect(await run('signal', id, 'rain')).toMatchObject({
      code: 1,
      err: expect.stringContaining('is over'),
    });
  });

  test('that does not come in time lets the run fail, with what to do', async () => {
    const { run: id } = await start('  rain:\n    wait: {event: rain, within: 1 second}\n');
    expect(await untilOver(id)).toMatchObject({
      status: { is: 'failed', failure: { code: 'wait.expired' } },
    });
    expect((await run('show', id)).out).toContain('Nothing told of “rain” in time');
    expect((await run('skip', id, 'rain', '--why', 'It is dry.')).code).toBe(0);
  });
});

describe('a wait for a time', () => {
  test('that is long lets the process go, and says until when and how to go on', async () => {
    await write('  rest:\n    wait: 3 days\n');
    const { code, out } = await run('run', 'told');
    expect(code).toBe(3);
    expect(out).toMatch(/Rest waits until \d{4}-\d\d-\d\d \d\d:\d\d\n/);
    const [, id = ''] = /or: cairn resume (\S+)/.exec(out) ?? [];
    expect(out).not.toContain('Interrupted');
    expect((await run('resume', id)).code).toBe(3);
    expect((await run('show', id)).out).toMatch(/^Waits until \d{4}/m);
  });

  test('outlives the process that stayed for it', async () => {
    await write('  rest:\n    wait: 2 seconds\n');
    let killed = false;
    const { out } = await cairn(company.folder, ['run', 'told'], {
      onStart: (child) => {
        child.stdout?.on('data', (text: string) => {
          killed ||= text.includes('Rest waits until') && child.kill('SIGKILL');
        });
      },
    });
    expect({ killed, ended: out.includes('Done') }).toEqual({ killed: true, ended: false });
    const { runs } = await cairnJson<{ runs: { id: string }[] }>(company.folder, ['runs']);
    expect((await run('resume', runs[0]?.id ?? '')).code).toBe(0);
  });

  test('that has passed is none, and one that is no time is told with its line', async () => {
    expect((await start('  rest:\n    wait: {until: "2020-01-01T09:00"}\n')).status.is).toBe('succeeded');
    await write('  rest:\n    wait: {until: someday}\n');
    const { code, out } = await run('run', 'told');
    expect(code).toBe(1);
    expect(out).toContain('“someday” is no moment to wait for');
    expect(out).toContain('.cairn/workflows/told.yaml:3');
  });
});

test('a gate whose time is up approves by default, in the name of policy', async () => {
  const gate =
    '  approve:\n    needs: write\n    gate: Good?\n    within: 1 second\n    otherwise: approve\n';
  const { run: id } = await start(writes('[]', 'Write a note') + gate);
  expect((await untilOver(id)).status.is).toBe('succeeded');
  const decision = await company.git('log', '-1', '--format=%(trailers:key=Cairn-Decision,valueonly)');
  expect(decision).toMatch(/policy/);
});
