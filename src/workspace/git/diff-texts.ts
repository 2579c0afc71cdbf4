import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gitIn } from './git-process.ts';

const differ = 1;

/** A unified diff of texts by path, for people; empty when they are the same. Throws `git.*`. */
export async function diffTexts(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-diff-'));
  try {
    await Promise.all([writeTexts(join(folder, 'before'), before), writeTexts(join(folder, 'after'), after)]);
    const plain = ['--no-index', '--no-ext-diff', '--no-textconv', '--no-color', '--no-renames'];
    const text = await gitIn(folder).text(['diff', ...plain, '--no-prefix', 'before', 'after'], {
      answers: [differ],
    });
    return text.replaceAll(/^diff --git .*\n(?:(?:old|new|deleted|index) .*\n)*/gm, '');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeTexts(folder: string, texts: ReadonlyMap<string, string>): Promise<void> {
  await mkdir(folder);
  for (const [path, text] of texts) {
    const file = join(folder, ...path.split('/').map(safeName));
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

/** A part of a path that cannot lead anywhere else. */
function safeName(part: string): string {
  const name = part.replace(/[^\w.-]/g, '_');
  return /^\.+$/.test(name) ? '_' : name || '_';
}
