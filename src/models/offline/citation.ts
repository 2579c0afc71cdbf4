import type { Source } from '../../contracts/model.ts';

/** What can stand in double brackets and be read back. */
const PLAIN_ID = /^[^[\]\n|#]{1,300}$/;

/** The source as a citation in a document at `path`: `[[id]]` for a note, a Markdown link in parentheses for anything else. */
export function citation(source: Pick<Source, 'id' | 'kind' | 'title' | 'uri'>, path: string): string {
  if (source.kind === 'note' && PLAIN_ID.test(source.id)) return `[[${source.id}]]`;
  const label = source.title.replace(/[[\]\s]+/g, ' ').trim() || 'source';
  return `([${label}](${linkTarget(source.uri, path)}))`;
}

/** The sentence with its citation inside, before the full stop, so that both stay together. */
export function cited(sentence: string, mark: string): string {
  const parts = /^([\s\S]*?)([.…]?)(["”’')]*)$/.exec(sentence);
  const [words, stop, closing] = [parts?.[1] ?? sentence, parts?.[2] ?? '', parts?.[3] ?? ''];
  if (/[!?]$/.test(words)) return `${words}${closing} ${mark}`;
  return `${words}${closing} ${mark}${stop || '.'}`;
}

/** What a link in the document at `path` has to say to reach a path of the company or a URI. */
export function linkTarget(uri: string, path: string): string {
  if (isAbsolute(uri)) return encodeTarget(uri);
  const from = path.split('/').slice(0, -1);
  const to = uri.split('/').filter((part) => part !== '' && part !== '.');
  let shared = 0;
  while (shared < from.length && shared < to.length - 1 && from[shared] === to[shared]) shared += 1;
  const link = [...from.slice(shared).map(() => '..'), ...to.slice(shared)].join('/');
  return encodeTarget(link.replaceAll('%', '%25'));
}

/** The body with its relative links rewritten for a document that moves from one path to another. */
export function movedLinks(body: string, from: string, to: string): string {
  const folder = from.split('/').slice(0, -1);
  return body.replace(/\]\(([^()\s]+)\)/g, (whole, target: string) => {
    if (isAbsolute(target) || target.startsWith('#')) return whole;
    return `](${linkTarget(resolved(folder, decodeTarget(target)), to)})`;
  });
}

/** Where a relative link leads, from a folder of the company. */
export function resolved(folder: readonly string[], target: string): string {
  const parts = [...folder];
  for (const part of target.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

export function decodeTarget(target: string): string {
  try {
    return decodeURIComponent(target);
  } catch {
    return target;
  }
}

function isAbsolute(uri: string): boolean {
  return /^[a-z][a-z0-9+.-]*:/i.test(uri) || uri.startsWith('//');
}

function encodeTarget(target: string): string {
  return target.replace(/[\s()<>[\]"\\]/gu, (sign) =>
    sign === '(' ? '%28' : sign === ')' ? '%29' : encodeURIComponent(sign),
  );
}
