import type { GitContext } from './git-context.ts';

const pattern = String.raw`^(merge\..*\.driver|filter\..*\.(clean|smudge|process|required))$`;
const unset = 1;

/**
 * Variables that switch off the operator's own filters and merge programs for one git process
 * (promise P8). A file with a merge program of its own, changed on both sides, becomes a conflict.
 */
export async function withoutPrograms(context: GitContext): Promise<Record<string, string>> {
  const names = await context.git.text(['config', '-z', '--name-only', '--get-regexp', pattern], {
    answers: [unset],
  });
  const settings = [...new Set(names.split('\0').filter((name) => name !== ''))];
  const variables = settings.map((name, at) => [
    [`GIT_CONFIG_KEY_${at}`, name],
    [`GIT_CONFIG_VALUE_${at}`, harmless(name)],
  ]);
  return { GIT_CONFIG_COUNT: String(settings.length), ...Object.fromEntries(variables.flat()) };
}

/** `false` is a program that fails, so the merge is a conflict; an empty filter is none. */
function harmless(name: string): string {
  return /\.(driver|required)$/i.test(name) ? 'false' : '';
}
