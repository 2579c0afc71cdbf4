import type { CheckName, CheckRule } from '../../contracts/check.ts';
import type { TextDocument } from '../markdown.ts';

/** What the company holds, as far as checks need to know. */
export interface CheckContext {
  /** Whether a path of the company is a file or a folder. The checked files themselves exist. */
  exists(path: string): boolean;
  /** Ids of all notes. */
  readonly noteIds: ReadonlySet<string>;
}

/** Something that is not as a rule wants it, worded to follow the file's name: "has no heading …". */
export interface Problem {
  readonly message: string;
  /** From 1, in the whole file. */
  readonly line?: number | undefined;
}

export interface Examined {
  /** What holds, when there is no problem: "has 210 words". */
  readonly summary: string;
  readonly problems: readonly Problem[];
}

type Wanted<N extends CheckName> = NonNullable<CheckRule[N]>;

/** One kind of rule: how it is put to the one who writes, and how a text is held against it. */
export interface RuleFamily<N extends CheckName> {
  /** Markdown rules pass other text files by. */
  readonly appliesTo: 'markdown' | 'text';
  /** As an instruction: "Write at least 150 words." */
  describe(wanted: Wanted<N>): string;
  examine(wanted: Wanted<N>, document: TextDocument, context: CheckContext): Examined;
}
