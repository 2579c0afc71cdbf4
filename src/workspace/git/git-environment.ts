/**
 * Settings that hold for every git process of Cairn, whatever the user's configuration says: no hooks,
 * no file-system monitor, no custom merges by default, objects on disk before they are acknowledged
 * (promises P2 and P8).
 */
export const fixedSettings = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.quotePath=false',
  'core.fsync=committed',
  'i18n.commitEncoding=UTF-8',
  'log.showSignature=false',
  'merge.default=text',
  'merge.renormalize=false',
  'merge.renames=true',
  'gc.auto=0',
] as const;

/** Variables of git's that every process of Cairn gets. */
export const fixedVariables = {
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
} as const;

/** Variables that make git run a program, besides all that begin with `GIT_`. */
const programs = new Set(['EDITOR', 'VISUAL', 'PAGER', 'SSH_ASKPASS', 'PREFIX']);

/**
 * This process's environment without what would lead git elsewhere (a repository, an index or a
 * configuration named by the caller's `GIT_*`), with git's own words in English.
 */
export function gitEnvironment(): Record<string, string> {
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !leadsElsewhere(entry[0]),
  );
  return { ...Object.fromEntries(inherited), LC_ALL: 'C', ...fixedVariables };
}

function leadsElsewhere(variable: string): boolean {
  const name = variable.toUpperCase();
  return name.startsWith('GIT_') || programs.has(name);
}
