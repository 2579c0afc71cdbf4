import type { Draft, Findings, Role } from '../contracts/agent.ts';
import type { Material } from '../contracts/model.ts';
import { matchesAny, staysInside } from '../contracts/path-rules.ts';
import { contentWords, share } from './lexical.ts';
import type { OutputOf } from './reply.ts';

/** Share of a quotation's words that its source must have; the rest allows for cuts and typography. */
const quotedShare = 0.8;

type Fits = { readonly [R in Role]: (output: OutputOf<R>, material: Material) => readonly string[] };

const fits: Fits = {
  planner: () => [],
  fetcher: misquotes,
  executor: strayFiles,
  qa: () => [],
};

/**
 * What a well-formed output gets wrong about the material it was made from: sources that do not
 * exist, quotations that no source has, files that may not be written. Nothing when it fits.
 */
export function misfit<R extends Role>(role: R, output: OutputOf<R>, material: Material): string | undefined {
  const complaints = fits[role](output, material);
  return complaints.length === 0 ? undefined : complaints.join(' ');
}

function misquotes(output: Findings, material: Material): string[] {
  const byId = new Map(material.sources.map((source) => [source.id, source]));
  const unknown = unknownSources(
    output.findings.map((finding) => finding.source),
    material,
  );
  const invented = output.findings.filter(({ source, quote }) => {
    const words = contentWords(quote);
    const known = byId.get(source);
    return (
      known && words.size > 0 && share(words, contentWords(`${known.title}\n${known.text}`)) < quotedShare
    );
  });
  return [
    ...unknown,
    ...invented.map(({ source, quote }) => `The source “${source}” does not say “${shortened(quote)}”.`),
  ];
}

function strayFiles(output: Draft, material: Material): string[] {
  const paths = output.files.map((file) => file.path);
  const repeated = paths.filter((path, i) => paths.indexOf(path) !== i);
  const stray = paths.filter((path) => !staysInside(path) || !matchesAny(path, material.writes));
  const allowed = material.writes.length === 0 ? 'none' : material.writes.join(', ');
  return [
    ...unknownSources(output.sources, material),
    ...repeated.map((path) => `The file ${path} occurs twice.`),
    ...stray.map((path) => `The file ${shortened(path)} may not be written; these may: ${allowed}.`),
  ];
}

function unknownSources(named: readonly string[], material: Material): string[] {
  const ids = material.sources.map((source) => source.id);
  const unknown = [...new Set(named)].filter((id) => !ids.includes(id));
  if (unknown.length === 0) return [];
  const list = unknown.map((id) => `“${shortened(id)}”`).join(', ');
  return [`There is no source ${list}; the ids are: ${ids.length === 0 ? 'none' : ids.join(', ')}.`];
}

function shortened(text: string): string {
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}
