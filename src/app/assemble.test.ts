import { chmod, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openCairn } from './assemble.ts';
import { systemClock } from '../base/clock.ts';
import { modelGateway } from '../models/gateway.ts';

const sample = join(import.meta.dirname, '..', '..', 'examples', 'solo-studio');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cairn-untrusted-'));
  await cp(sample, join(folder, 'company'), { recursive: true });
  // A git that tells that it was started.
  await writeFile(join(folder, 'git'), `#!/bin/sh\necho started >> "${join(folder, 'started')}"\nexit 1\n`);
  await chmod(join(folder, 'git'), 0o755);
  vi.stubEnv('PATH', [folder, process.env['PATH']].join(delimiter));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

const open = (trusted: boolean) => {
  const config = () => ({ provider: 'offline' }) as const;
  const model = modelGateway({ config, apiKey: async () => '', clock: systemClock });
  return openCairn(join(folder, 'company'), {
    trusted,
    model,
    secretOf: async () => undefined,
    log: () => undefined,
  });
};

test('a folder that is not trusted can be read, but git is never started and nothing is run', async () => {
  const cairn = await open(false);
  expect((await cairn.listNotes()).notes.length).toBeGreaterThan(40);
  expect((await cairn.searchMemory('fixed prices', 3)).length).toBe(3);
  expect(await cairn.listRuns()).toEqual({ runs: [], problems: [] });
  const start = cairn.startRun({ workflow: 'content-loop', inputs: {}, trigger: 'manual' });
  await expect(start).rejects.toMatchObject({ failure: { code: 'company.untrusted' } });
  await expect(readFile(join(folder, 'started'))).rejects.toMatchObject({ code: 'ENOENT' });
});

test('with trust the same git is started, so the test above can fail', async () => {
  await expect(open(true)).rejects.toThrow();
  expect(await readFile(join(folder, 'started'), 'utf8')).toContain('started');
});
