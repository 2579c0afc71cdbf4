import { stat } from 'node:fs/promises';
import { PackageManager, listFiles } from '@vscode/vsce';
import { expect, test } from 'vitest';
import { root, vsix } from '../../scripts/setup.mjs';

const mostBytes = 2 * 1024 * 1024;

test('the package is under 2 MB', async () => {
  const { size } = await stat(vsix);
  console.log(`dist/cairn.vsix: ${(size / 1024).toFixed(0)} KB`);
  expect(size).toBeLessThan(mostBytes);
});

test('the package holds what runs and what is read, and nothing of the workshop', async () => {
  const files = await listFiles({ cwd: root, packageManager: PackageManager.None });
  const needed = [
    'package.json',
    'README.md',
    'CHANGELOG.md',
    'LICENSE',
    'dist/extension.js',
    'dist/extension.mjs',
    'dist/cli.js',
    'dist/cli.mjs',
    'dist/third-party-licenses.txt',
    'dist/webview/timeline.js',
    'dist/webview/codicon.ttf',
    'examples/solo-studio/AGENTS.md',
    'examples/solo-studio/.cairn/.gitignore',
  ];
  expect(needed.filter((file) => !files.includes(file))).toEqual([]);
  const rooms = /^(package\.json|README\.md|CHANGELOG\.md|LICENSE|dist\/|media\/|examples\/solo-studio\/)/;
  expect(files.filter((file) => !rooms.test(file) || file.endsWith('.map'))).toEqual([]);
});
