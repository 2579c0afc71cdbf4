import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, describe, expect, it } from 'vitest';
import { GitSandbox } from '../../../test/fixtures/git-sandbox.ts';
import { gitIn } from './git-process.ts';
import { ObjectReader } from './object-reader.ts';

describe('reading objects', () => {
  const sandbox = GitSandbox.create({ 'a.md': 'a\n' });
  afterAll(() => sandbox.dispose());

  function reader() {
    const started: ChildProcess[] = [];
    const git = gitIn(sandbox.root);
    const objects = new ObjectReader({
      ...git,
      start: (...call) => {
        const child = git.start(...call);
        started.push(child);
        return child;
      },
    });
    return { objects, started };
  }

  it('uses one process for many questions, asked at once', async () => {
    const { objects, started } = reader();
    const heads = await Promise.all(
      ['HEAD', 'HEAD^{tree}', 'HEAD:a.md', 'nowhere'].map((name) => objects.head(name)),
    );
    expect(heads.map((head) => head?.type)).toEqual(['commit', 'tree', 'blob', undefined]);
    expect((await objects.content(heads[2]?.oid ?? '')).toString()).toBe('a\n');
    expect(started).toHaveLength(1);
  });

  it('sees objects that were made after it started', async () => {
    const { objects } = reader();
    await objects.head('HEAD');
    sandbox.write('b.md', 'b\n');
    const commit = sandbox.commit('More');
    expect((await objects.head(commit))?.type).toBe('commit');
  });

  it('starts again when its process has died', async () => {
    const { objects, started } = reader();
    await objects.head('HEAD');
    const [first] = started;
    first?.kill('SIGKILL');
    if (first) await once(first, 'close');
    expect((await objects.head('HEAD'))?.type).toBe('commit');
    expect(started).toHaveLength(2);
  });

  it('asks nothing that could be more than one question', async () => {
    const { objects, started } = reader();
    expect(await objects.head('HEAD\ncontents HEAD')).toBeUndefined();
    expect(await objects.head('--help')).toBeUndefined();
    expect(started).toHaveLength(0);
  });

  it('names an object that is missing', async () => {
    const { objects } = reader();
    const missing = objects.content('0'.repeat(40));
    await expect(missing).rejects.toMatchObject({ failure: { code: 'git.failed' } });
    expect((await objects.head('HEAD'))?.type).toBe('commit');
  });
});
