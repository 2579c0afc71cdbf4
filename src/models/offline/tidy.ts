/** Markdown as plain prose on one line. What is left cannot be read as a link or a citation. */
export function tidy(markdown: string): string {
  return markdown
    .replace(/^[ \t]*>[ \t]?/gm, '')
    .replace(/<[^<>\n]{0,200}>/g, ' ')
    .replace(/!\[[^\]\n]{0,300}\]\([^)\n]{0,500}\)/g, ' ')
    .replace(/\s*\((?:see|cf\.|source:?)?\s*\[\[[^\]\n]{0,200}\]\][^()\n]{0,100}\)/gi, '')
    .replace(/\[\[([^\]|\n]{0,200})(?:\|([^\]\n]{0,200}))?\]\]/g, (_all, id: string, label?: string) =>
      (label ?? id).replace(/[-_/]+/g, ' ').trim(),
    )
    .replace(/\[([^\]\n]{0,300})\]\([^)\n]{0,500}\)/g, '$1')
    .replace(/(\*\*|__|`+|~~)/g, '')
    .replace(/(^|[\s(“"])[*_]([^*_\n]{1,200})[*_](?=[\s).,;:!?”"]|$)/g, '$1$2')
    .replace(/\[\[+|\]\]+/g, '')
    .replace(/\]\(/g, '] (')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Words as the checks count them: what stands between blanks and holds a letter or a digit. */
export function countWords(text: string): number {
  return text
    .replace(/<!--[\s\S]*?(?:-->|$)/g, ' ')
    .split(/\s+/)
    .filter((part) => /[\p{L}\p{N}]/u.test(part)).length;
}

/** Ends like a sentence: with a full stop where nothing else ends it. */
export function asSentence(text: string): string {
  const start = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?…]["”’')]*$/.test(start) ? start : `${start.replace(/[;:,–-]+$/, '')}.`;
}

/** Whether a phrase occurs as whole words, without regard to case, line breaks and the form of apostrophes. */
export function holds(text: string, phrase: string): boolean {
  return phrase.trim() !== '' && phrasePattern(phrase).test(text);
}

export function phrasePattern(phrase: string): RegExp {
  const words = phrase
    .trim()
    .split(/\s+/)
    .map((word) => word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&').replace(/['’]/g, "['’]"));
  const [before, after] = [/^[\p{L}\p{N}]/u.test(phrase.trim()), /[\p{L}\p{N}]$/u.test(phrase.trim())];
  const [open, close] = [before ? '(?<![\\p{L}\\p{N}])' : '', after ? '(?![\\p{L}\\p{N}])' : ''];
  return new RegExp(`${open}${words.join('\\s+')}${close}`, 'iu');
}
