import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { limits } from '../base/limits.ts';
import { openCompanyFiles, type CompanyFiles } from './company-files.ts';

describe('the company’s files', () => {
  let parent: string;
  let root: string;
  let files: CompanyFiles;
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'cairn-company-'));
    root = join(parent, 'company');
    await mkdir(root);
    files = openCompanyFiles(root);
  });
  afterEach(() => rm(parent, { recursive: true, force: true }));

  async function put(path: string, text = 'text'): Promise<void> {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }

  const outside = { failure: { code: 'path.outside' } };

  it('reads a text, and nothing where there is no file', async () => {
    await put('memory/a.md', 'Grüße');
    expect(await files.readText('memory/a.md')).toBe('Grüße');
    for (const path of ['memory/b.md', 'memory', 'memory/a.md/deeper', 'none/at/all']) {
      expect(await files.readText(path)).toBeUndefined();
      expect(await files.stat(path)).toBeUndefined();
    }
  });

  it('tells whether something is there, its size and its time', async () => {
    await put('AGENTS.md', 'four');
    expect(await files.exists('AGENTS.md')).toBe(true);
    expect(await files.exists('.cairn')).toBe(false);
    const stamp = await files.stat('AGENTS.md');
    expect(stamp?.size).toBe(4);
    expect(stamp?.mtimeMs).toBeGreaterThan(0);
  });

  it('refuses a text above the limit', async () => {
    await put('big.md', 'x'.repeat(11));
    expect(await files.readText('big.md', 11)).toHaveLength(11);
    await expect(files.readText('big.md', 10)).rejects.toMatchObject({
      failure: { code: 'file.too-large', at: { file: 'big.md' } },
    });
    await put('huge.yaml', 'x'.repeat(limits.definitionBytes + 1));
    await expect(files.readText('huge.yaml')).rejects.toMatchObject({ failure: { code: 'file.too-large' } });
  });

  it('lists files by suffix, deep, sorted, without dot files', async () => {
    for (const path of [
      'memory/z.md',
      'memory/a/b/c.md',
      'memory/a.txt',
      'memory/.b.md.tmp',
      'memory/.trash/x.md',
    ]) {
      await put(path);
    }
    expect(await files.list('memory', '.md')).toEqual(['memory/a/b/c.md', 'memory/z.md']);
    expect(await files.list('memory/none', '.md')).toEqual([]);
    await put('.cairn/workflows/loop.yaml');
    expect(await files.list('.cairn/workflows', '.yaml')).toEqual(['.cairn/workflows/loop.yaml']);
  });

  it('follows links within the company and none that lead out', async () => {
    await put('notes/real.md', 'inside');
    await writeFile(join(parent, 'secret.md'), 'secret');
    await mkdir(join(root, 'memory'));
    await symlink(join(root, 'notes', 'real.md'), join(root, 'memory', 'in.md'));
    await symlink(join(parent, 'secret.md'), join(root, 'memory', 'out.md'));
    await symlink(join(root, 'memory'), join(root, 'memory', 'loop.md'));
    await symlink(parent, join(root, 'memory', 'folder'));
    expect(await files.list('memory', '.md')).toEqual(['memory/in.md']);
    expect(await files.readText('memory/in.md')).toBe('inside');
    await expect(files.readText('memory/out.md')).rejects.toMatchObject(outside);
    await expect(files.readText('memory/folder/secret.md')).rejects.toMatchObject(outside);
    await expect(files.write('memory/folder/new.md', 'x')).rejects.toMatchObject(outside);
    await expect(files.list('memory/folder', '.md')).rejects.toMatchObject(outside);
  });

  it.each(['../secret.md', '/etc/passwd', 'a/../../b', 'C:/x', 'a\\b', ''])('refuses “%s”', async (path) => {
    await expect(files.readText(path)).rejects.toMatchObject(outside);
    await expect(files.write(path, 'x')).rejects.toMatchObject(outside);
    await expect(files.exists(path)).rejects.toMatchObject(outside);
    await expect(files.list(path, '.md')).rejects.toMatchObject(outside);
  });

  it('writes what is not there and keeps what is', async () => {
    expect(await files.write('.cairn/agents/qa.agent.md', 'new')).toBe('written');
    expect(await files.write('.cairn/agents/qa.agent.md', 'newer')).toBe('kept');
    expect(await readFile(join(root, '.cairn/agents/qa.agent.md'), 'utf8')).toBe('new');
  });
});
