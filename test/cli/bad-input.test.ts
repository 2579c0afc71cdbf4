import { mkdir, mkdtemp, rm, writeFile, chmod, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cairn } from './support/cairn.ts';
import { freshCompany } from '../e2e/support/company.ts';
import type { SampleCompany } from '../e2e/support/company.ts';

let company: SampleCompany;
beforeEach(async () => {
  company = await freshCompany();
});
afterEach(() => company.remove());

const write = (path: string, text: string) => writeFile(join(company.folder, path), text);

describe('P12: a broken file is named with its line, and the rest keeps working', () => {
  test('a workflow', async () => {
    await write(
      '.cairn/workflows/lead-to-proposal.yaml',
      'name: Leads\nsteps:\n  draft:\n    agnt: executor\n',
    );
    const broken = await cairn(company.folder, ['run', 'lead-to-proposal']);
    expect(broken.err).toMatch(/lead-to-proposal\.yaml:[34]:\d+: .*/);
    expect(broken.code).toBe(1);
    expect((await cairn(company.folder, ['run', 'inbox-to-reply', '--yes'])).code).toBe(0);
  });

  test('an agent', async () => {
    await write('.cairn/agents/fetcher.agent.md', '---\nname: Fetcher\nrole: fetchr\n---\n');
    const { err, code } = await cairn(company.folder, ['run', 'content-loop']);
    expect(err).toMatch(/fetcher\.agent\.md:3:\d+/);
    expect(code).toBe(1);
  });

  test('the policy', async () => {
    await write('.cairn/policy.yaml', 'rules:\n  - then: maybe\n    why: x\n');
    const { err } = await cairn(company.folder, ['run', 'content-loop']);
    expect(err).toMatch(/policy\.yaml:2:\d+/);
  });

  test('a note', async () => {
    await write('memory/broken.md', '---\ntitle: "unclosed\n---\nText\n');
    const { out, code } = await cairn(company.folder, ['doctor']);
    expect(out).toMatch(/memory\/broken\.md:\d+/);
    expect(code).toBe(1);
    expect((await cairn(company.folder, ['memory', 'search', 'rebrand'])).code).toBe(0);
    expect((await cairn(company.folder, ['run', 'content-loop', '--yes'])).code).toBe(0);
  });

  test('a journal', async () => {
    await cairn(company.folder, ['run', 'inbox-to-reply', '--yes']);
    const { out } = await cairn(company.folder, ['runs', '--json']);
    const id = (JSON.parse(out) as { runs: { id: string }[] }).runs[0]?.id ?? '';
    const lines = (await company.read(`.cairn/runs/${id}/journal.jsonl`)).split('\n');
    await write(`.cairn/runs/${id}/journal.jsonl`, [lines[0], 'not json', ...lines.slice(2)].join('\n'));
    expect((await cairn(company.folder, ['run', 'content-loop'])).code).toBe(3);
    const listed = await cairn(company.folder, ['runs']);
    expect(listed.out).toContain('content-loop');
    expect(listed.err).toMatch(/journal\.jsonl:2/);
  });
});

describe('a repository that cannot be worked on says so before any work is done', () => {
  const refused = async (expected: RegExp, env: Record<string, string> = {}) => {
    const { err, code } = await cairn(company.folder, ['run', 'content-loop'], { env });
    expect(err).toMatch(expected);
    expect(err).not.toMatch(/\n\s+at /);
    expect(code).toBe(1);
  };

  test('no git repository', async () => {
    await rm(join(company.folder, '.git'), { recursive: true });
    await refused(/not a git repository/i);
  });

  test('no commit', async () => {
    await rm(join(company.folder, '.git'), { recursive: true });
    await company.git('init', '--quiet');
    await refused(/no commit/i);
  });

  test('no git', async () => {
    const bin = await mkdtemp(join(tmpdir(), 'cairn-bin-'));
    await refused(/git/i, { PATH: bin });
  });

  test('a git that is too old', async () => {
    const bin = await mkdtemp(join(tmpdir(), 'cairn-bin-'));
    await writeFile(join(bin, 'git'), '#!/bin/sh\necho git version 2.20.1\n');
    await chmod(join(bin, 'git'), 0o755);
    await symlink('/bin/sh', join(bin, 'sh'));
    await refused(/2\.20\.1.*2\.38/, { PATH: bin });
  });

  test('no company', async () => {
    const { err, code } = await cairn(tmpdir(), ['runs']);
    expect(err).toContain('cairn init');
    expect(code).toBe(1);
  });
});

describe('an approval waits, and says so', () => {
  const approveAll = async () => {
    const { out } = await cairn(company.folder, ['run', 'inbox-to-reply', '--json']);
    const { run } = JSON.parse(out) as { run: string };
    return { run, decide: () => cairn(company.folder, ['approve', `${run}/1`]) };
  };

  test('while HEAD is detached, then goes on when resumed', async () => {
    const { run, decide } = await approveAll();
    await company.git('checkout', '--quiet', '--detach');
    const blocked = await decide();
    expect(blocked.out).toMatch(/detached/i);
    expect(blocked.code).toBe(3);
    await company.git('checkout', '--quiet', 'main');
    const { out, code } = await cairn(company.folder, ['resume', run]);
    expect({ out, code }).toMatchObject({ code: 0 });
  });

  test('while the operator is merging', async () => {
    const { run, decide } = await approveAll();
    await company.git('checkout', '--quiet', '-b', 'side');
    await write('README.md', 'side\n');
    await company.git('commit', '--quiet', '-am', 'side');
    await company.git('checkout', '--quiet', 'main');
    await write('README.md', 'main\n');
    await company.git('commit', '--quiet', '-am', 'main');
    await company.git('merge', '--quiet', 'side').catch(() => undefined);
    const blocked = await decide();
    expect(blocked.out).toMatch(/merge/i);
    expect(blocked.code).toBe(3);
    await company.git('merge', '--abort');
    expect((await cairn(company.folder, ['resume', run])).code).toBe(0);
  });

  test('while the operator has unsaved work in the same file', async () => {
    const { run, decide } = await approveAll();
    const { stdout } = {
      stdout: await company.git('show', '--name-only', '--format=', `refs/cairn/runs/${run}/proposals/1`),
    };
    await mkdir(join(company.folder, 'replies'), { recursive: true });
    await write(stdout.trim(), 'mine\n');
    const blocked = await decide();
    expect(blocked.out).toContain(stdout.trim());
    expect(blocked.code).toBe(3);
    expect(await company.read(stdout.trim())).toBe('mine\n');
  });
});

describe('wrong words are told apart from failures by the exit code', () => {
  test.each([
    [['bogus'], /unknown command/],
    [['run', 'content-loop', '--input', 'brif=x'], /no input “brif”/],
    [['show', 'nothing'], /no run “nothing”/],
    [['approve', 'nothing/1'], /no run “nothing”/],
  ])('%j', async (args, expected) => {
    const { err, code } = await cairn(company.folder, args);
    expect(err).toMatch(expected);
    expect(code).toBe(2);
  });
});
