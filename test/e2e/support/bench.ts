import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { chromium } from 'playwright-core';
import { onTestFailed } from 'vitest';
import { ensureBrowser } from '../../../scripts/system-packages.mjs';
import type { EditorOptions, RunningEditor } from './editor.ts';
import { startEditor } from './editor.ts';
import { Workbench, resultsFolder } from './workbench.ts';

export interface BenchOptions extends EditorOptions {
  /** CSS pixels of the window; 1440 × 900 by default. */
  readonly size?: { readonly width: number; readonly height: number };
}

/** A VS Code on a folder and a browser window that shows it. */
export interface Bench {
  readonly workbench: Workbench;
  readonly editor: RunningEditor;
  /** Another window on the same folder. */
  secondWindow(): Promise<Workbench>;
  /** To be called in each test: when it fails, keeps a picture and the logs under that name in test-results/. */
  keepEvidence(name: string): void;
  close(): Promise<void>;
}

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts an editor and opens its folder in a browser; call `close` when done, also when a test fails. */
export async function openBench(options: BenchOptions): Promise<Bench> {
  const editor = await startEditor(options);
  const browser = await chromium.launch({ executablePath: await ensureBrowser(), args: flags });
  const close = async () => {
    await browser.close();
    await editor.stop();
  };
  try {
    const open = () => openWindow(browser, editor.address, options.size ?? { width: 1440, height: 900 });
    const workbench = await open();
    const keepEvidence = (name: string) => onTestFailed(() => writeEvidence(name, workbench, editor));
    return { workbench, editor, secondWindow: open, keepEvidence, close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

async function openWindow(
  browser: Browser,
  address: string,
  viewport: { width: number; height: number },
): Promise<Workbench> {
  const page = await browser.newPage({ viewport });
  page.setDefaultTimeout(30_000);
  const workbench = new Workbench(page);
  await workbench.open(address);
  return workbench;
}

async function writeEvidence(name: string, workbench: Workbench, editor: RunningEditor): Promise<void> {
  await mkdir(resultsFolder, { recursive: true });
  await workbench.screenshot(`failed-${name}`);
  await writeFile(join(resultsFolder, `failed-${name}.log`), await editor.logs());
}
