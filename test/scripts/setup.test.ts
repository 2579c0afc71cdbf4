import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { expect, test } from 'vitest';
import { npm } from '../../scripts/setup.mjs';

test('an npm started by an npm script speaks for its own Node, not for that of the npm around it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-npm-'));
  try {
    const scripts = { agent: 'node -p process.env.npm_config_user_agent' };
    await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, scripts }));
    const env = { ...process.env, npm_config_user_agent: 'npm/1.0.0 node/v1.0.0 linux x64' };
    const agent = await npm(['run', '--silent', 'agent'], { cwd: folder, env });
    expect(agent).toContain(`node/${process.version}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
