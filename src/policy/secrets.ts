import { secretFound } from '../base/failures/policy.ts';

/** Where something that looks like a secret is; the secret itself is not kept. */
export interface FoundSecret {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** What it looks like, with its article: `an AWS access key`. */
  readonly kind: string;
}

/** Formats that cannot be mistaken for prose. Every repetition is bounded, so that no line takes long. */
const formats: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ['a private key', /-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----/],
  ['an AWS access key', /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/],
  ['a GitHub token', /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{22})/],
  ['a GitLab token', /\bglpat-[\w-]{20}/],
  ['a Slack token', /\bxox[abeoprs]-[A-Za-z0-9-]{10}/],
  ['a Stripe key', /\b[rs]k_(?:live|test)_[A-Za-z0-9]{16}/],
  ['a Google API key', /\bAIza[\w-]{35}/],
  ['an npm token', /\bnpm_[A-Za-z0-9]{36}/],
  ['an API key', /\bsk-(?=[\w-]{0,40}\d)[\w-]{20}/],
  ['a signed token', /\beyJ[\w-]{10,2000}\.eyJ[\w-]{10,2000}\.[\w-]{10}/],
  ['a password in an address', /:\/\/[^\s/:@]{1,100}:[^\s/@{}<>$*]{6,200}@[\w.-]/],
];

const assigned =
  /(?<![\w-])[\w-]{0,40}?(?:key|secret|token|passw(?:or)?d)["']?\s{0,8}[:=]\s{0,8}["']?([\w+/=.~-]{20,300})/gi;

/** Bits per character above which an assigned value looks drawn at random. */
const randomBits = 3.5;

/** A secret that is set, of a connector. */
export interface KnownSecret {
  readonly name: string;
  readonly value: string;
}

/** A value that is shorter would be found in any text. */
const knownCharacters = 6;

/** Finds what looks like secrets, or is one of those that are known, in a text that is about to be proposed. */
export function findSecrets(
  path: string,
  text: string,
  known: readonly KnownSecret[] = [],
): readonly FoundSecret[] {
  const values = known.filter(({ value }) => value.length >= knownCharacters);
  return text.split('\n').flatMap((written, i): FoundSecret[] => {
    const own = values.find(({ value }) => written.includes(value));
    if (own) return [{ path, line: i + 1, kind: `the secret “${own.name}”` }];
    const kind = formats.find(([, pattern]) => pattern.test(written))?.[0] ?? assignedSecret(written);
    return kind === undefined ? [] : [{ path, line: i + 1, kind }];
  });
}

/**
 * Keeps secrets out of proposals, so that none reaches git. Not a rule: it cannot be switched off.
 * Throws `policy.denied` naming the file and line of the first.
 */
export function refuseSecrets(
  files: readonly { readonly path: string; readonly text: string }[],
  known: readonly KnownSecret[] = [],
): void {
  const [first, ...others] = files.flatMap(({ path, text }) => findSecrets(path, text, known));
  if (first) throw secretFound({ file: first.path, line: first.line }, first.kind, others.length);
}

function assignedSecret(written: string): string | undefined {
  const values = [...written.matchAll(assigned)].map((match) => match[1] ?? '');
  return values.some(looksRandom) ? 'a key or password' : undefined;
}

function looksRandom(value: string): boolean {
  if (!/\d/.test(value) || !/[A-Za-z]/.test(value) || isWords(value)) return false;
  return bitsPerCharacter(value) >= randomBits;
}

/** `spring-launch-2026`, `memory/voice/house-voice.md`: names and paths, not secrets. */
function isWords(value: string): boolean {
  return value.split(/[-_./=+~]/).every((part) => /^(?:[A-Z]?[a-z]*|[A-Z]+|\d{0,4})$/.test(part));
}

/** Shannon's entropy. */
function bitsPerCharacter(value: string): number {
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => {
    const share = count / value.length;
    return sum - share * Math.log2(share);
  }, 0);
}
