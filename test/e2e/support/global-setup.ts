import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { ensureEditor } from '../../../scripts/editor-install.mjs';
import { installExtension } from '../../../scripts/editor.mjs';
import { vsix } from '../../../scripts/setup.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder where the packaged extension is installed, for the whole run. */
    extensions: string;
  }
}

/** Installs the packaged extension once, so that what is tested is what is shipped. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  await stat(vsix).catch(() => {
    throw new Error('dist/cairn.vsix is missing: npm run package makes it, npm run test:e2e does both.');
  });
  const folder = await mkdtemp(join(tmpdir(), 'cairn-e2e-'));
  const profile = { userData: join(folder, 'u'), extensions: join(folder, 'extensions') };
  await installExtension(await ensureEditor(), profile, vsix);
  project.provide('extensions', profile.extensions);
  return () => rm(folder, { recursive: true, force: true });
}
