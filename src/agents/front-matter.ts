/** A text taken apart at its front matter. Lines count from 1 in the whole text. */
export interface Parted {
  /** `none`: the text does not begin with `---`; `open`: it does, but nothing closes it. */
  readonly frontMatter: 'none' | 'open' | 'closed';
  /** The YAML between the two `---` lines. */
  readonly yaml: string;
  readonly body: string;
  /** Line on which the body begins. */
  readonly bodyLine: number;
}

/** Splits YAML front matter from the body, whatever the line ends and with or without a byte order mark. */
export function partFrontMatter(text: string): Parted {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  const whole = { yaml: '', body: lines.join('\n'), bodyLine: 1 };
  if (!isFence(lines[0])) return { frontMatter: 'none', ...whole };
  const end = lines.findIndex((line, i) => i > 0 && isFence(line));
  if (end < 0) return { frontMatter: 'open', ...whole };
  return {
    frontMatter: 'closed',
    yaml: lines.slice(1, end).join('\n'),
    body: lines.slice(end + 1).join('\n'),
    bodyLine: end + 2,
  };
}

function isFence(line: string | undefined): boolean {
  return line !== undefined && line.trimEnd() === '---';
}
