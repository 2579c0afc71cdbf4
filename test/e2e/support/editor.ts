import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createVSIX } from '@vscode/vsce';
import { inject } from 'vitest';
import { ensureEditor } from '../../../scripts/editor-install.mjs';
import type { Editor, Profile } from '../../../scripts/editor.mjs';
import { folderAddress, installExtension, serveEditor, writeSettings } from '../../../scripts/editor.mjs';
import { vsix } from '../../../scripts/setup.mjs';

export interface EditorOptions {
  /** The folder that the editor opens. */
  readonly folder: string;
  /** Off: the folder opens in Restricted Mode. On by default. */
  readonly trust?: boolean;
  readonly theme?: 'dark' | 'light';
  /** Another extension to install beside Cairn: the folder of its package.json. */
  readonly fixture?: string;
  /** User settings, over those that keep the editor quiet. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** A VS Code of a test's own, with a profile of its own and the packaged extension. */
export interface RunningEditor {
  /** Opens the folder when a browser goes there. */
  readonly address: string;
  /** What the server and the extension hosts have logged. */
  logs(): Promise<string>;
  stop(): Promise<void>;
}

const themes = { dark: 'Default Dark Modern', light: 'Default Light Modern' };

/** Without welcome pages, side panels, animations and saving by time, which hide what is tested. */
const quiet = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'workbench.reduceMotion': 'on',
  'window.commandCenter': false,
  'git.openRepositoryInParentFolders': 'never',
  'security.workspace.trust.startupPrompt': 'never',
  'files.simpleDialog.enable': true,
  'files.autoSave': 'off',
  'remote.autoForwardPorts': false,
};

export async function startEditor(options: EditorOptions): Promise<RunningEditor> {
  const userData = await mkdtemp(join(tmpdir(), 'cairn-vs-'));
  const editor = await ensureEditor();
  const extensions = options.fixture ? join(userData, 'extensions') : inject('extensions');
  const profile = { userData, extensions };
  if (options.fixture) await installBoth(editor, profile, options.fixture);
  await writeSettings(profile, {
    ...quiet,
    'workbench.colorTheme': themes[options.theme ?? 'dark'],
    ...options.settings,
  });
  const served = await serveEditor(editor, profile, { trust: options.trust ?? true });
  return {
    address: folderAddress(served.url, options.folder),
    logs: async () => [served.log(), await hostLogs(join(userData, 'logs'))].join('\n'),
    stop: async () => {
      await served.stop();
      await rm(userData, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function installBoth(editor: Editor, profile: Profile, fixture: string): Promise<void> {
  const packed = join(profile.userData, 'fixture.vsix');
  const allowances = { allowMissingRepository: true, skipLicense: true, dependencies: false };
  await createVSIX({ cwd: fixture, packagePath: packed, ...allowances });
  await installExtension(editor, profile, vsix);
  await installExtension(editor, profile, packed);
}

/** The logs of the extension hosts and what extensions wrote to their output channels. */
async function hostLogs(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.log'));
  const texts = files.map(async (file) => {
    const text = await readFile(join(file.parentPath, file.name), 'utf8');
    return `--- ${file.name}\n${text.slice(-20_000)}`;
  });
  return (await Promise.all(texts)).join('\n');
}
