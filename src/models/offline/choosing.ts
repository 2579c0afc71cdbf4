import { overlap, relevance, termsOf } from './ranking.ts';
import type { Evidence, Passage } from './evidence.ts';

const REPETITION = 0.7;
const SOURCE_PENALTY = 0.12;
const TOPIC_SHARE = 0.35;
/** What follows a sentence gives it context; that is worth a little. */
const CONTEXT_BONUS = 0.03;

interface Scored {
  readonly passage: Passage;
  readonly fit: number;
  readonly used: number;
}

function worth({ passage, fit, used }: Scored): number {
  return fit + CONTEXT_BONUS * passage.facts.length - SOURCE_PENALTY * used;
}

export interface Wish {
  /** What the passage has to speak to. */
  readonly about: string;
  /** Least relevance, 0 to 1, with a share for the topic of the whole text. */
  readonly least?: number;
  /** Least relevance to `about` alone: a passage that only fits the topic is no answer. */
  readonly leastAnswer?: number;
  /** At most so many words. */
  readonly words?: number;
  readonly accept?: (passage: Passage) => boolean;
}

/** Picks passages, none twice, and rather from a source not used yet. Ties go to the earlier one. */
export class Chooser {
  readonly #evidence: Evidence;
  readonly #topic: ReadonlySet<string>;
  readonly #used = new Map<string, number>();
  readonly #told: (readonly string[])[] = [];

  constructor(evidence: Evidence, topic: string) {
    this.#evidence = evidence;
    this.#topic = new Set(termsOf(topic));
  }

  /** Keeps what the text already says from being said again. */
  remember(text: string): void {
    this.#told.push(termsOf(text));
  }

  pick(wish: Wish): Passage | undefined {
    const best = this.#ranked(wish).find((passage) => !this.#isTold(passage));
    if (best) this.#use(best);
    return best;
  }

  /** Whether anything speaks to the wish, told already or not. */
  speaksTo(wish: Wish): boolean {
    return this.#ranked(wish).length > 0;
  }

  #ranked(wish: Wish): readonly Passage[] {
    const query = new Set(termsOf(wish.about));
    const { passages, weights } = this.#evidence;
    return passages
      .filter((passage) => passage.words <= (wish.words ?? Infinity) && (wish.accept?.(passage) ?? true))
      .map((passage) => {
        const answers = relevance(query, passage.terms, weights);
        const fit = answers + TOPIC_SHARE * relevance(this.#topic, passage.terms, weights);
        return { passage, answers, fit, used: this.#used.get(passage.source.id) ?? 0 };
      })
      .filter(({ answers, fit }) => answers >= (wish.leastAnswer ?? 0) && fit > (wish.least ?? 0))
      .sort((a, b) => worth(b) - worth(a))
      .map(({ passage }) => passage);
  }

  #isTold(passage: Passage): boolean {
    return passage.facts.some((fact) => this.#told.some((told) => overlap(fact.terms, told) >= REPETITION));
  }

  #use(passage: Passage): void {
    this.#used.set(passage.source.id, (this.#used.get(passage.source.id) ?? 0) + 1);
    for (const fact of passage.facts) this.#told.push(fact.terms);
  }
}
