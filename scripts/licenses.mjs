import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { exists } from './system.mjs';

/**
 * The licences of the packages that are part of the bundles, as those licences ask for.
 * @param {string} root
 * @param {readonly string[]} inputs the bundled files, relative to `root`
 * @returns {Promise<string>}
 */
export async function licenseTexts(root, inputs) {
  const folders = await Promise.all([...new Set(inputs)].map((input) => packageFolder(root, input)));
  const packages = new Set(folders.filter((folder) => folder !== undefined));
  const texts = await Promise.all([...packages].sort().map(licenseText));
  return texts.join(`\n${'-'.repeat(80)}\n\n`);
}

/**
 * The package that a file comes with: the innermost one, unless that is a copy without a manifest of its own.
 * @param {string} root
 * @param {string} input
 * @returns {Promise<string | undefined>}
 */
async function packageFolder(root, input) {
  const outer = [...input.matchAll(/node_modules\/(?:@[^/]+\/)?[^/]+/g)].reverse();
  for (const { index, 0: name } of outer) {
    const folder = join(root, input.slice(0, index + name.length));
    if (await exists(join(folder, 'package.json'))) return folder;
  }
  return undefined;
}

/** @param {string} folder */
async function licenseText(folder) {
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const file = (await readdir(folder)).find((name) => /^(licen[cs]e|copying)/i.test(name));
  const text = file ? await readFile(join(folder, file), 'utf8') : 'The package brings no licence text.\n';
  return `${manifest.name} ${manifest.version} (${manifest.license ?? 'see below'})\n\n${text.trim()}\n`;
}
