import type { Link } from '../links.ts';
import { isExternal, linksOf, resolveTarget } from '../links.ts';
import { lineAt, type TextDocument } from '../markdown.ts';
import type { CheckContext, RuleFamily } from './rule-family.ts';

/** Where a link leads. `id` is the same for every way of writing the same target. */
type Destination =
  | { readonly is: 'note' | 'file' | 'external'; readonly id: string }
  /** A place in the text itself, or an address to write to. */
  | { readonly is: 'no-source' }
  | { readonly is: 'nowhere'; readonly why: string };

export const links: RuleFamily<'links'> = {
  appliesTo: 'markdown',
  describe: () => 'Link only to notes and files that exist.',
  examine: (_wanted, document, context) => {
    const found = linksOf(document.prose).filter((link) => !isExternal(link.target));
    const problems = found.flatMap((link) => {
      const destination = destinationOf(link, document, context);
      return destination.is === 'nowhere'
        ? [{ message: destination.why, line: lineAt(document, link.offset) }]
        : [];
    });
    return {
      summary: found.length === 0 ? 'has no links of its own' : 'has links that all resolve',
      problems,
    };
  },
};

export const cites: RuleFamily<'cites'> = {
  appliesTo: 'markdown',
  describe: ({ min }) =>
    `Cite at least ${min === 1 ? 'one source' : `${min} different sources`}, as [[note-id]] or as a Markdown link.`,
  examine: ({ min }, document, context) => {
    const cited = citations(document, context);
    const summary = `cites ${cited.size === 1 ? '1 source' : `${cited.size} sources`}`;
    const enough = cited.size >= min;
    return { summary, problems: enough ? [] : [{ message: `${summary}, needs at least ${min}` }] };
  },
};

/** Different sources that a text cites. What leads nowhere is no source; pictures and the text itself are none. */
function citations(document: TextDocument, context: CheckContext): ReadonlySet<string> {
  const destinations = linksOf(document.prose)
    .filter((link) => link.kind !== 'image')
    .map((link) => destinationOf(link, document, context));
  return new Set(destinations.flatMap((to) => ('id' in to && to.id !== document.path ? [to.id] : [])));
}

function destinationOf(link: Link, document: TextDocument, context: CheckContext): Destination {
  if (link.kind === 'note') return noteDestination(link.target, context);
  if (isExternal(link.target)) {
    const cited = /^(https?:)?\/\//i.test(link.target);
    return cited ? { is: 'external', id: link.target.replace(/#.*$/, '') } : { is: 'no-source' };
  }
  if (link.target.startsWith('#')) return { is: 'no-source' };
  if (link.target === '') return { is: 'nowhere', why: 'has a link without a target' };
  const path = resolveTarget(link.target, document.path);
  if (path === undefined) {
    return { is: 'nowhere', why: `links to “${link.target}”, which leads out of the company folder` };
  }
  if (path === '' || context.exists(path)) return { is: 'file', id: path };
  return { is: 'nowhere', why: `links to “${link.target}”, but there is no ${path}` };
}

/** `[[target]]` is a note by its id, or a path from the company folder, with or without `.md`. */
function noteDestination(target: string, context: CheckContext): Destination {
  const id = target.toLowerCase();
  if (context.noteIds.has(target) || context.noteIds.has(id)) return { is: 'note', id };
  const path = resolveTarget(`/${target}`, '');
  const file = [path, `${path}.md`].find((each) => each !== undefined && each !== '' && context.exists(each));
  if (path !== undefined && file !== undefined) return { is: 'file', id: file };
  return { is: 'nowhere', why: `links to [[${target}]], but there is no such note` };
}
