import { limits } from '../../base/limits.ts';
import type { CommitInfo } from '../../contracts/repository.ts';
import type { GitContext } from './git-context.ts';

const separator = '\x1f';

/** Commits reachable from `head` with the trailer, newest first; at most `limits.runsListed`. */
export async function commitsWithTrailer(
  context: GitContext,
  head: string,
  trailer: { readonly key: string; readonly value: string },
): Promise<readonly CommitInfo[]> {
  const values = `%(trailers:key=${trailer.key},valueonly=true,unfold=true,separator=%x1f)`;
  const output = await context.git.text([
    'log',
    '-z',
    '--encoding=UTF-8',
    '--no-color',
    '--no-decorate',
    '--fixed-strings',
    // Lets git skip most commits; whether it is a trailer is decided below.
    `--grep=${trailer.key}: ${trailer.value}`,
    `--max-count=${limits.runsListed}`,
    `--format=%H%x00%ct%x00${values}%x00%s%x00%b`,
    head,
    '--',
  ]);
  return records(output.split('\0'))
    .filter(({ found }) => found.split(separator).includes(trailer.value))
    .map(({ commit, seconds, subject, body }) => ({
      commit,
      subject,
      body: body.trimEnd(),
      atMs: Number(seconds) * 1000,
    }));
}

/** When a commit was made, in milliseconds. */
export async function dateOf(context: GitContext, commit: string): Promise<number> {
  const [, seconds] =
    /^committer .* (\d+) [+-]\d{4}$/m.exec((await context.objects.content(commit)).toString()) ?? [];
  return Number(seconds ?? 0) * 1000;
}

interface LogRecord {
  readonly commit: string;
  readonly seconds: string;
  readonly found: string;
  readonly subject: string;
  readonly body: string;
}

/** Five fields each. */
function records(fields: readonly string[]): LogRecord[] {
  const found: LogRecord[] = [];
  for (let at = 0; at + 4 < fields.length; at += 5) {
    const [commit = '', seconds = '', values = '', subject = '', body = ''] = fields.slice(at, at + 5);
    found.push({ commit, seconds, found: values, subject, body });
  }
  return found;
}
