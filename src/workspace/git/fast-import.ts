import { gitFailures } from '../../base/failures/git.ts';
import type { Identity } from '../../contracts/repository.ts';
import { messageText, plainIdentity } from './commit-text.ts';
import type { GitContext } from './git-context.ts';

/** A file of a commit that is to be made, with its bytes as git will store them. */
export type ImportedFile =
  | { readonly path: string; readonly mode: string; readonly content: Buffer }
  | { readonly path: string; readonly deleted: true };

export interface ImportRequest {
  /** None for a first commit. */
  readonly parent?: string | undefined;
  readonly files: readonly ImportedFile[];
  readonly author: Identity;
  readonly message: string;
  /** Seconds since the Unix epoch. */
  readonly atSeconds: number;
}

/**
 * Makes a commit as objects alone, in one process that reads only the folders it changes, so that it
 * costs the same in a small and a large repository. The branch it needs for that is reset before the
 * end, which keeps git from writing any ref. The same request makes the same commit.
 */
export async function importCommit(context: GitContext, request: ImportRequest): Promise<string> {
  const commit = await context.git.text(
    ['-c', 'core.ignoreCase=false', 'fast-import', '--quiet', '--date-format=raw'],
    { input: importStream(request) },
  );
  if (!/^[0-9a-f]{40,64}$/.test(commit)) throw gitFailures.failed('fast-import', 'it named no commit');
  return commit;
}

function importStream(request: ImportRequest): Buffer {
  const { name, email } = plainIdentity(request.author);
  const signature = `${name} <${email}> ${request.atSeconds} +0000`;
  return Buffer.concat([
    text('feature done\ncommit refs/cairn/draft\nmark :1\n'),
    text(`author ${signature}\ncommitter ${signature}\n`),
    data(Buffer.from(messageText(request.message))),
    text(request.parent === undefined ? '' : `from ${request.parent}\n`),
    ...request.files.flatMap(fileCommand),
    text('\nget-mark :1\nreset refs/cairn/draft\n\ndone\n'),
  ]);
}

function fileCommand(file: ImportedFile): Buffer[] {
  if ('deleted' in file) return [text(`D ${quoted(file.path)}\n`)];
  return [text(`M ${file.mode} inline ${quoted(file.path)}\n`), data(file.content)];
}

function data(bytes: Buffer): Buffer {
  return Buffer.concat([text(`data ${bytes.length}\n`), bytes, text('\n')]);
}

/** Quoted as in C, which fast-import takes for every path. */
function quoted(path: string): string {
  return `"${path.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}

function text(line: string): Buffer {
  return Buffer.from(line, 'utf8');
}
