import { InvalidArgumentError } from 'commander';

/** What every command that drives a run may be told. */
export interface DriveOptions {
  readonly yes?: boolean;
}

export const yes = ['--yes', 'approve what policy would ask (never what it denies)'] as const;

/** Texts by name, from `key=value` given once or several times. */
export type Named = Readonly<Record<string, string>>;

export function collectNamed(text: string, named: Named = {}): Named {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('write it as key=value.');
  return { ...named, [text.slice(0, at)]: text.slice(at + 1) };
}
