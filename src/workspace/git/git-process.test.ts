import { afterEach, expect, test } from 'vitest';
import { gitIn } from './git-process.ts';
import { GitSandbox } from '../../../test/fixtures/git-sandbox.ts';

let sandbox: GitSandbox;
afterEach(() => sandbox.dispose());

test('git leads a process group of its own, so Ctrl+C in a terminal does not reach it', async () => {
  sandbox = GitSandbox.create({ 'a.md': 'a' });
  const child = gitIn(sandbox.root).start(['cat-file', '--batch']);
  const closed = new Promise((resolve) => child.once('close', resolve));
  // Signal 0 asks whether there is such a group; Windows has none, and no Ctrl+C that spreads over them.
  const ask = () => process.platform === 'win32' || process.kill(-(child.pid ?? 0), 0);
  expect(ask).not.toThrow();
  child.stdin.end();
  expect(await closed).toBe(0);
});
