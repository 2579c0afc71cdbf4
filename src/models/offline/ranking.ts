/** How terms weigh against each other in a body of texts: rare ones more (tf-idf). */
export interface Weights {
  idf(term: string): number;
}

const STOP_WORDS = new Set(
  `a about above after again all also am an and any are as at be because been before being below between both but by
  can could did do does doing done down each few for from further get had has have having he her here hers him his
  how i if in into is it its itself just let like me more most my no nor not now of off on once only or other our out
  over own please s same shall she should so some such t than that the their them then there these they this those
  through to too under until up us very was we were what when where which while who whom why will with would you your
  know tell write draft article step work use using used make made one two new`.split(/\s+/),
);

/** The terms of a text: lower-case, without stop words, without the commonest endings. */
export function termsOf(text: string): readonly string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.filter((word) => !STOP_WORDS.has(word) && word.length > 1).map(stem);
}

/** A light stemmer: plurals, “-ing”, “-ed”, “-ly”. It only has to map a text’s words as it maps a query’s. */
function stem(word: string): string {
  if (word.length < 5 || /\d/.test(word)) return word.replace(/(?<=[^s])s$/, '');
  const singular = word.replace(/ies$/, 'y').replace(/(?<=[^su])s$/, '');
  const base = singular.replace(/(?:ing|edly|ed|ly)$/, '');
  const kept = base.length >= 3 ? base : singular;
  return kept.replace(/(.)\1$/, '$1').replace(/e$/, '');
}

export function weigh(texts: readonly (readonly string[])[]): Weights {
  const counts = new Map<string, number>();
  for (const terms of texts) for (const term of new Set(terms)) counts.set(term, (counts.get(term) ?? 0) + 1);
  const total = texts.length;
  return { idf: (term) => Math.log(1 + (total + 1) / ((counts.get(term) ?? 0) + 0.5)) };
}

/** How well terms answer a query: the weight of the query that they cover, 0 to 1; short texts get a little more. */
export function relevance(query: ReadonlySet<string>, terms: readonly string[], weights: Weights): number {
  if (query.size === 0 || terms.length === 0) return 0;
  const held = new Set(terms);
  let [covered, all] = [0, 0];
  for (const term of query) {
    const weight = weights.idf(term);
    all += weight;
    if (held.has(term)) covered += weight;
  }
  return (covered / all) * (1 / (1 + Math.max(0, held.size - 20) / 60));
}

/** The share of the smaller set of terms that the other one has too: 1 for a repetition. */
export function overlap(a: readonly string[], b: readonly string[]): number {
  const [small, large] = a.length <= b.length ? [new Set(a), new Set(b)] : [new Set(b), new Set(a)];
  if (small.size === 0) return 0;
  let shared = 0;
  for (const term of small) if (large.has(term)) shared += 1;
  return shared / small.size;
}
