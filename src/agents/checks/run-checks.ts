import { limits } from '../../base/limits.ts';
import type { CheckName, CheckRule, Finding } from '../../contracts/check.ts';
import { readDocument, type TextDocument } from '../markdown.ts';
import { cites, links } from './link-targets.ts';
import { forbids, mentions } from './phrases.ts';
import { placeholders } from './placeholders.ts';
import type { CheckContext, Examined, Problem, RuleFamily } from './rule-family.ts';
import { frontMatter, sections } from './structure.ts';
import { words } from './words.ts';

/** A file of a proposal as it would be; no content when the proposal deletes it. */
export interface CheckedFile {
  readonly path: string;
  readonly content: string | Uint8Array | undefined;
}

/** A family with the rule that it is to hold texts against. */
interface BoundRule {
  readonly name: CheckName;
  readonly severity: Finding['severity'];
  readonly appliesTo: 'markdown' | 'text';
  describe(): string;
  examine(document: TextDocument, context: CheckContext): Examined;
}

/**
 * Holds each rule against each text file it applies to; deleted and binary files are passed by. For
 * each of these there is one passed finding, or one finding for every problem. A rule that no file
 * falls under fails: nothing was checked, which must not look like success.
 */
export function runChecks(
  rules: readonly CheckRule[],
  files: readonly CheckedFile[],
  context: CheckContext,
): Finding[] {
  const documents = files.flatMap((file) => {
    const text = textOf(file.content);
    return text === undefined ? [] : [readDocument(file.path, text)];
  });
  const widened = withFiles(context, files);
  return rules.flatMap(boundRules).flatMap((rule) => findings(rule, documents, widened));
}

/** A rule as an instruction to the one who writes. */
export function describeRule(rule: CheckRule): string {
  const wishes = boundRules(rule).map((each) => each.describe());
  return [...wishes, ...(rule.severity === 'warning' ? ['(Recommended.)'] : [])].join(' ');
}

/** The rule with the templates in its phrases rendered; `render` may throw for a wrong one. */
export function renderRule(rule: CheckRule, render: (template: string) => string): CheckRule {
  return rule.mentions ? { ...rule, mentions: rule.mentions.map(render) } : rule;
}

function findings(rule: BoundRule, documents: readonly TextDocument[], context: CheckContext): Finding[] {
  const { name, severity, appliesTo } = rule;
  const applicable = documents.filter((document) => appliesTo === 'text' || document.markdown);
  if (applicable.length === 0) {
    const missing = appliesTo === 'text' ? 'text' : 'Markdown';
    return [{ rule: name, severity, passed: false, message: `There is no ${missing} file to check.` }];
  }
  return applicable.flatMap((document) =>
    outcomes(rule.examine(document, context)).map((outcome) => findingOf(rule, document.path, outcome)),
  );
}

function findingOf({ name, severity }: BoundRule, path: string, { passed, message, line }: Outcome): Finding {
  return { rule: name, passed, severity, message, path, ...(line === undefined ? {} : { line }) };
}

type Outcome = Problem & Pick<Finding, 'passed'>;

function outcomes({ summary, problems }: Examined): Outcome[] {
  if (problems.length === 0) return [{ passed: true, message: summary }];
  const told = problems
    .slice(0, limits.findingsPerRule)
    .map(({ message, line }): Outcome => ({ passed: false, message, line }));
  const untold = problems.length - told.length;
  return untold === 0 ? told : [...told, { passed: false, message: `and ${untold} more of the same kind` }];
}

/** The rule that a list item holds; one in a valid item. */
function boundRules(rule: CheckRule): BoundRule[] {
  const severity = rule.severity ?? 'error';
  const bind = <N extends CheckName>(name: N, family: RuleFamily<N>, wanted: CheckRule[N]): BoundRule[] =>
    wanted === undefined
      ? []
      : [
          {
            name,
            severity,
            appliesTo: family.appliesTo,
            describe: () => family.describe(wanted),
            examine: (document, context) => family.examine(wanted, document, context),
          },
        ];
  const bound: Readonly<Record<CheckName, BoundRule[]>> = {
    words: bind('words', words, rule.words),
    mentions: bind('mentions', mentions, rule.mentions),
    forbids: bind('forbids', forbids, rule.forbids),
    sections: bind('sections', sections, rule.sections),
    'front-matter': bind('front-matter', frontMatter, rule['front-matter']),
    cites: bind('cites', cites, rule.cites),
    links: bind('links', links, rule.links),
    placeholders: bind('placeholders', placeholders, rule.placeholders),
  };
  return Object.values(bound).flat();
}

/** What a proposal brings exists for its own links, and what it deletes does not. */
function withFiles(context: CheckContext, files: readonly CheckedFile[]): CheckContext {
  const proposed = new Map(files.map((file) => [file.path, file.content !== undefined]));
  return {
    noteIds: context.noteIds,
    exists: (path) => proposed.get(path) ?? context.exists(path),
  };
}

/** The text of a file, or nothing for a deleted or a binary one. */
function textOf(content: CheckedFile['content']): string | undefined {
  const text = content instanceof Uint8Array ? decoded(content) : content;
  return text?.includes('\0') ? undefined : text;
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
