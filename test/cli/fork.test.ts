import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cairn, cairnJson } from './support/cairn.ts';
import { snapshot } from './support/snapshot.ts';
import type { ForkOutline, Migration } from '../../src/app/cairn.ts';
import { freshCompany } from '../e2e/support/company.ts';
import type { SampleCompany } from '../e2e/support/company.ts';

interface RunAnswer {
  readonly run: string;
  readonly status: { readonly is: string; readonly why?: string };
  readonly proposals: readonly {
    readonly id: string;
    readonly current: { readonly commit: string; readonly n: number };
  }[];
  readonly forked: ForkOutline;
}

interface MigrateAnswer extends RunAnswer, Omit<Migration, 'run' | 'texts'> {
  readonly migrated: ForkOutline & { readonly run: string };
}

let company: SampleCompany;
beforeEach(async () => {
  company = await freshCompany();
});
afterEach(() => company.remove());

const write = (path: string, text: string) => writeFile(join(company.folder, path), text);
const run = (...args: string[]) => cairnJson<RunAnswer>(company.folder, ['run', 'content-loop', ...args]);
const fork = (...args: string[]) => cairnJson<RunAnswer>(company.folder, ['fork', ...args]);
const statusOf = async (id: string) => {
  const { runs } = await cairnJson<{ runs: { id: string; status: RunAnswer['status'] }[] }>(company.folder, [
    'runs',
  ]);
  return runs.find((one) => one.id === id)?.status;
};
const refsOf = (id: string) =>
  company.git('for-each-ref', '--format=%(refname:lstrip=4) %(objectname)', `refs/cairn/runs/${id}`);
const ids = (steps: readonly { readonly step: string }[]) => steps.map(({ step }) => step);
const changeEdit = async () => {
  const path = '.cairn/workflows/content-loop.yaml';
  await write(
    path,
    (await company.read(path)).replace('Edit the draft to the house voice.', 'Edit the draft.'),
  );
};

/** Attempts that the processes of a run have made, in order; what a fork has taken over is no attempt of it. */
async function attemptsOf(id: string): Promise<string[]> {
  const lines = (await company.read(`.cairn/runs/${id}/journal.jsonl`)).trim().split('\n');
  const records = lines.map((line) => JSON.parse(line) as { type: string; step?: string; epoch: number });
  return records.flatMap(({ type, step, epoch }) =>
    type === 'step.started' && step && epoch > 1 ? [step] : [],
  );
}

const expectReplay = async (id: string) =>
  expect(await cairn(company.folder, ['replay', id])).toMatchObject({ code: 0, err: '' });

describe('cairn fork', () => {
  test('goes on behind a step: what was done is not made again, and the other run is not touched', async () => {
    const origin = await run();
    const before = await snapshot(company.folder);
    const journal = await company.read(`.cairn/runs/${origin.run}/journal.jsonl`);
    const refs = await refsOf(origin.run);
    const { run: id, forked, status, proposals } = await fork(origin.run, '--after', 'draft');
    expect(ids(forked.kept)).toEqual(['plan', 'research', 'draft']);
    expect(await attemptsOf(id)).toEqual(['edit', 'check', 'approve']);
    expect(status.is).toBe('waiting');
    const commits = (answer: RunAnswer) => answer.proposals.map(({ current }) => current.commit).slice(0, 2);
    expect(commits({ ...origin, proposals })).toEqual(commits(origin));
    const versions = proposals.map(({ current: { n, commit } }) => [
      `versions/${n}/1 ${commit}`,
      `proposals/${n} ${commit}`,
    ]);
    expect((await refsOf(id)).split('\n').toSorted()).toEqual(versions.flat().toSorted());
    expect(await snapshot(company.folder)).toEqual(before);
    expect(await company.read(`.cairn/runs/${origin.run}/journal.jsonl`)).toBe(journal);
    expect(await refsOf(origin.run)).toBe(refs);
    await expectReplay(id);
  });

  test('its work is decided and applied like that of any run, and names the fork', async () => {
    const origin = await run();
    const { run: id, status } = await fork(origin.run, '--yes');
    expect(status.is).toBe('succeeded');
    const steps = await company.git(
      'log',
      '--reverse',
      '--format=%(trailers:key=Cairn-Step,valueonly,separator=)',
    );
    expect(steps.split('\n').filter(Boolean)).toEqual(['plan', 'draft', 'edit', 'publish']);
    expect(await company.git('log', '-1', '--format=%(trailers:key=Cairn-Run,valueonly,separator=)')).toBe(
      id,
    );
    expect(await company.git('fsck', '--strict', '--no-dangling')).toBe('');
    await expectReplay(id);
  });

  test('says what is on the branch that it does not build on, and how to take it back', async () => {
    const origin = await run('--yes');
    const told = await cairn(company.folder, ['fork', origin.run, '--after', 'draft']);
    expect(told.code).toBe(3);
    for (const n of [1, 2, 3, 4]) expect(told.out).toContain(`cairn revert ${origin.run}/${n}`);
    const { forked } = await fork(origin.run, '--after', 'approve');
    expect(forked.applied.map(({ proposal }) => proposal)).toEqual(
      [1, 2, 3].map((n) => `${origin.run}/${n}`),
    );
    expect(forked.beyond).toMatchObject([{ proposal: `${origin.run}/4` }]);
  });

  test('on the current definition makes anew what has changed and what needs it', async () => {
    const origin = await run();
    await changeEdit();
    const { run: id, forked } = await fork(origin.run, '--definition', 'current');
    expect(ids(forked.kept)).toEqual(['plan', 'research', 'draft']);
    expect(forked.anew.slice(0, 2)).toMatchObject([
      { step: 'edit', why: 'its definition has changed' },
      { step: 'check', why: 'it needs “Edit”' },
    ]);
    expect(await attemptsOf(id)).toEqual(['edit', 'check', 'approve']);
    await expectReplay(id);
  });

  test('with another input keeps nothing that could see it, and says so', async () => {
    const origin = await run();
    const { code, out } = await cairn(company.folder, ['fork', origin.run, '--input', 'mention=first call']);
    expect(code).toBe(3);
    expect(out).toContain(`keeps nothing of ${origin.run}`);
    expect(out).toContain('Plan, made anew: the input “mention” has changed');
  });

  test('begins at a record, and names what there is when it cannot begin where it is asked to', async () => {
    const origin = await run();
    const { forked } = await fork(origin.run, '--at', '3');
    expect({ at: forked.at, kept: ids(forked.kept) }).toEqual({ at: 3, kept: ['plan'] });
    const done = 'plan, research, draft, edit, check';
    for (const [args, said] of [
      [
        ['--after', 'drft'],
        `has no step “drft”. Nothing was forked or stopped. Steps that are done: ${done}.`,
      ],
      [
        ['--after', 'publish'],
        `is not done, so there is nothing behind it to fork from. Nothing was forked or stopped. Steps that are done: ${done}.`,
      ],
      [['--at', '99'], 'has no record 99. Nothing was forked or stopped. It has records 1 to 13'],
    ] as const) {
      const { code, err } = await cairn(company.folder, ['fork', origin.run, ...args]);
      expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining(said) as string });
    }
    const { runs } = await cairnJson<{ runs: unknown[] }>(company.folder, ['runs']);
    expect(runs).toHaveLength(2);
  });
});

describe('cairn replay', () => {
  test('finds the record that the engine would not have made, names both, and writes nothing', async () => {
    const { run: id } = await run('--yes');
    const before = await snapshot(company.folder);
    const path = `.cairn/runs/${id}/journal.jsonl`;
    await expectReplay(id);
    expect(await snapshot(company.folder)).toEqual(before);
    await tamper(path, '"question":"Release', '"question":"Keep');
    const replayed = await cairn(company.folder, ['replay', id]);
    expect(replayed.code).toBe(1);
    expect(replayed.out).toMatch(
      new RegExp(`^${id} does not replay: record \\d+ is not what the engine makes`),
    );
    expect(replayed.out).toContain('the journal has  gate.opened of “release”, attempt 1: {');
    expect(replayed.out).toMatch(/they part at {5}data\.question: "Keep .*" and "Release .*"/);
    const { n, expected, actual } = await cairnJson<Record<string, unknown>>(company.folder, ['replay', id]);
    expect({ n, expected, actual }).toMatchObject({
      n: expect.any(Number) as number,
      expected: { type: 'gate.opened' },
      actual: { type: 'gate.opened', step: 'release' },
    });
  });
});

describe('cairn migrate', () => {
  test('shows what differs, does nothing unasked, then stops the run and goes on with a fork', async () => {
    const { run: id } = await run();
    const same = await cairn(company.folder, ['migrate', id, '--yes']);
    expect(same).toMatchObject({
      code: 0,
      out: expect.stringContaining('already: nothing was done') as string,
    });
    await changeEdit();
    const shown = await cairn(company.folder, ['migrate', id]);
    expect(shown.code).toBe(3);
    expect(shown.out).toContain('The step “edit” has changed: with.objective.');
    expect(shown.out).toMatch(
      /^-\s+objective: Edit the draft to the house voice\..*\n\+\s+objective: Edit the draft\./m,
    );
    expect(shown.out).toContain('Edit, made anew: its definition has changed');
    expect((await statusOf(id))?.is).toBe('waiting');
    const { migrated, ...rest } = await cairnJson<MigrateAnswer>(company.folder, ['migrate', id, '--yes']);
    expect(rest).toMatchObject({
      run: migrated.run,
      status: { is: 'waiting' },
      changes: [expect.any(String)],
    });
    expect(ids(migrated.kept)).toEqual(['plan', 'research', 'draft']);
    expect(await statusOf(id)).toMatchObject({ is: 'stopped', why: `Migrated to ${migrated.run}` });
    expect(await attemptsOf(migrated.run)).toEqual(['edit', 'check', 'approve']);
    const again = await cairn(company.folder, ['migrate', id, '--yes']);
    expect(again).toMatchObject({
      code: 1,
      err: expect.stringContaining(`was migrated to ${migrated.run}`) as string,
    });
  });

  test('does nothing where nothing differs', async () => {
    const { run: id } = await run();
    const { code, out } = await cairn(company.folder, ['migrate', id, '--yes']);
    expect({ code, out }).toMatchObject({
      code: 0,
      out: expect.stringContaining('already: nothing was done') as string,
    });
    expect((await statusOf(id))?.is).toBe('waiting');
  });

  test('that was interrupted behind the stop is gone on with by the same command', async () => {
    const { run: id } = await run();
    await changeEdit();
    const { migrated } = await cairnJson<MigrateAnswer>(company.folder, ['migrate', id, '--yes']);
    await rm(join(company.folder, '.cairn/runs', migrated.run, 'journal.jsonl'));
    const again = await cairnJson<MigrateAnswer>(company.folder, ['migrate', id, '--yes']);
    expect(again.migrated).toEqual(migrated);
    expect((await statusOf(migrated.run))?.is).toBe('waiting');
  });

  test('refuses a definition that is broken before it stops anything', async () => {
    const { run: id } = await run();
    await write('.cairn/workflows/content-loop.yaml', 'name: Broken\nsteps:\n  draft: {agnt: executor}\n');
    const { code, err } = await cairn(company.folder, ['migrate', id, '--yes']);
    expect({ code, err }).toMatchObject({
      code: 1,
      err: expect.stringContaining('content-loop.yaml:3') as string,
    });
    expect((await statusOf(id))?.is).toBe('waiting');
  });
});

describe('a run under way is pinned to what it began with', () => {
  const goOn = async ({ run: id, proposals }: RunAnswer) => {
    const names = proposals.map((proposal) => proposal.id);
    expect((await cairn(company.folder, ['approve', ...names])).code).toBe(3);
    expect(await cairn(company.folder, ['resume', id, '--yes'])).toMatchObject({ code: 0 });
    expect(await company.read('published/small-shop-rebrand.md')).toContain('status: published');
  };

  test('and not disturbed when workflow, agents, policy and house rules say something else', async () => {
    const begun = await run();
    await changeEdit();
    await write('.cairn/agents/executor.agent.md', '---\nname: Other\nrole: qa\n---\nRefuse everything.\n');
    await write('.cairn/policy.yaml', 'rules:\n  - {then: deny, why: No.}\n');
    await write('AGENTS.md', 'Write nothing.\n');
    await goOn(begun);
  });

  test('and not disturbed when they are broken or gone', async () => {
    const begun = await run();
    await write('.cairn/workflows/content-loop.yaml', 'steps: [');
    await write('.cairn/policy.yaml', 'rules: yes');
    await write('.cairn/agents/executor.agent.md', '---\nrole: no\n---\n');
    await rm(join(company.folder, '.cairn/agents/qa.agent.md'));
    await rm(join(company.folder, 'AGENTS.md'));
    await goOn(begun);
  });
});

/** Changes a record of a journal so that its checksum fits. */
async function tamper(path: string, from: string, to: string): Promise<void> {
  const lines = (await company.read(path)).split('\n');
  const at = lines.findIndex((line) => line.includes(from));
  const line = lines[at] ?? '';
  const covered = line.slice(0, line.lastIndexOf(',"crc"')).replace(from, to);
  lines[at] = `${covered},"crc":"${crc32(covered).toString(16).padStart(8, '0')}"}`;
  await write(path, lines.join('\n'));
}
