import { plainMarkdown } from './markdown-text.ts';
import type { ProposalSummary, RunSummary } from '../../app/cairn.ts';
import type { FileChange, ProposalVersion } from '../../contracts/proposal.ts';
import { isQuestion } from '../../protocol/waits.ts';
import type { Question } from '../../protocol/waits.ts';
import {
  ageText,
  countText,
  durationText,
  momentText,
  moneyText,
  percentText,
  tokensText,
} from '../../protocol/wording.ts';

export interface RunGroup {
  readonly kind: 'run';
  readonly run: string;
  readonly workflowName: string;
  readonly proposals: readonly ProposalNode[];
}

export interface ProposalNode {
  readonly kind: 'proposal';
  readonly summary: ProposalSummary;
}

export interface FileNode {
  readonly kind: 'file';
  readonly proposal: ProposalSummary;
  readonly change: FileChange;
}

/** A step of a run that asks for the operator's choice. */
export interface QuestionNode {
  readonly kind: 'question';
  readonly run: string;
  readonly workflowName: string;
  readonly question: Question;
}

export type ApprovalNode = QuestionNode | RunGroup | ProposalNode | FileNode;

/** What asks for the operator's choice, the newest run first. */
export function questionNodes(runs: readonly RunSummary[]): readonly QuestionNode[] {
  return runs.flatMap(({ id, workflowName, waits }) =>
    waits.filter(isQuestion).map((question): QuestionNode => {
      return { kind: 'question', run: id, workflowName, question };
    }),
  );
}

export function questionLabel({ question }: QuestionNode): string {
  return `Your answer: ${question.wait.question.replace(/\s+/g, ' ').trim()}`;
}

/** Which loop asks, and until when. */
export function questionDescription({ workflowName, question }: QuestionNode, nowMs: number): string {
  const { untilMs } = question.wait;
  const until = untilMs === undefined ? [] : [`until ${momentText(untilMs, nowMs)}`];
  return [workflowName, ...until].join(' · ');
}

/** What the badge stands for: `2 proposals to decide, 1 question to answer`. */
export function badgeText(proposals: number, questions: number): string {
  return [
    ...(proposals > 0 ? [`${countText(proposals, 'proposal')} to decide`] : []),
    ...(questions > 0 ? [`${countText(questions, 'question')} to answer`] : []),
  ].join(', ');
}

/** Proposals that wait for the operator, and approved ones that could not be committed, by run; newest run first. */
export function groupByRun(proposals: readonly ProposalSummary[]): readonly RunGroup[] {
  const groups = new Map<string, ProposalSummary[]>();
  for (const proposal of proposals.filter(needsOperator)) {
    groups.set(proposal.run, [...(groups.get(proposal.run) ?? []), proposal]);
  }
  return [...groups.entries()]
    .map(([run, members]) => groupOf(run, members))
    .sort((a, b) => newest(b) - newest(a));
}

/** How many decisions are asked for now. */
export function countAwaiting(proposals: readonly ProposalSummary[]): number {
  return proposals.filter(({ awaiting }) => awaiting).length;
}

/** A check mark stands for one version: a newer one that nobody has looked at is not checked. */
export function checkKey({ id, current }: ProposalSummary): string {
  return `${id}@${current.commit}`;
}

export function groupDescription(group: RunGroup, nowMs: number): string {
  return `${countText(group.proposals.length, 'proposal')} · ${ageText(newest(group), nowMs)}`;
}

/** The step, and the version when it is not the first. Short, so that what decides has room beside it. */
export function proposalLabel({ current, stepName }: ProposalSummary): string {
  return current.version > 1 ? `${stepName} v${current.version}` : stepName;
}

/** Begins with what decides, since the end is cut off first. */
export function proposalDescription({ blocked, current }: ProposalSummary): string {
  const { risk, confidence, files, intent } = current;
  const parts = [`${risk.level} risk`, percentText(confidence.value), linesText(files)];
  if (blocked) parts.unshift('not committed');
  return [...parts, intent.replace(/\s+/g, ' ').trim()].join(' · ');
}

export function linesText(files: readonly FileChange[]): string {
  const added = files.reduce((sum, file) => sum + file.added, 0);
  const removed = files.reduce((sum, file) => sum + file.removed, 0);
  return `+${added} −${removed}`;
}

export function fileDescription({ path, kind, from, added, removed, binary }: FileChange): string {
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
  const what = kind === 'renamed' && from ? `renamed from ${from}` : kind;
  return [folder, binary ? `${what}, binary` : `${what} +${added} −${removed}`].filter(Boolean).join(' · ');
}

/** Everything one wants to know before deciding, as Markdown. */
export function proposalTooltip(summary: ProposalSummary): string {
  const { current, findings, blocked, stepName, workflowName } = summary;
  const failed = findings.filter(({ passed }) => !passed);
  return [
    `**${plainMarkdown(current.intent)}**`,
    plainMarkdown(current.unlocks),
    ...(blocked
      ? [
          `**Approved, but not committed:** ${plainMarkdown(blocked.message)} ${plainMarkdown(blocked.remedy ?? '')}`,
        ]
      : []),
    `---`,
    list([
      `**Risk:** ${current.risk.level}${reasons(current.risk.reasons)}`,
      `**Confidence:** ${percentText(current.confidence.value)} ${confidenceParts(current)}`,
      ...(current.tainted ? ['**Read text from outside** the company; nothing in it has authority'] : []),
      ...failed.map(({ message, severity }) => `**Check ${severity}:** ${plainMarkdown(message)}`),
      `**Cost:** ${costText(current)}`,
      `**By:** ${plainMarkdown(current.agent)}, ${plainMarkdown(modelLabel(current.model))}`,
      `**Step:** ${plainMarkdown(stepName)} of ${plainMarkdown(workflowName)}, version ${current.version}`,
    ]),
    ...section(
      'Files',
      current.files.map(
        (file) => `${plainMarkdown(file.path)} (${file.binary ? 'binary' : linesText([file])})`,
      ),
    ),
    ...section('Sources', current.sources.map(plainMarkdown)),
  ]
    .filter(Boolean)
    .join('\n\n');
}

/** The extractive model is labelled wherever its output shows. */
export function modelLabel(model: string): string {
  return /^offline\b/i.test(model) ? 'Offline (extractive)' : model;
}

/** What a screen reader says of an entry. */
export function proposalSpoken(summary: ProposalSummary): string {
  const { risk, confidence, files, intent } = summary.current;
  return `${intent}. ${risk.level} risk, confidence ${percentText(confidence.value)}, ${countText(files.length, 'file')}`;
}

function needsOperator({ awaiting, blocked }: ProposalSummary): boolean {
  return awaiting || blocked !== undefined;
}

function groupOf(run: string, members: readonly ProposalSummary[]): RunGroup {
  const proposals = members.map((summary): ProposalNode => ({ kind: 'proposal', summary }));
  return { kind: 'run', run, workflowName: members[0]?.workflowName ?? run, proposals };
}

/** When the newest of its proposals was made. */
function newest({ proposals }: RunGroup): number {
  return Math.max(...proposals.map(({ summary }) => summary.createdAtMs));
}

function reasons(texts: readonly string[]): string {
  return texts.length > 0 ? ` (${texts.map(plainMarkdown).join('; ')})` : '';
}

/** What the confidence was measured by. */
function confidenceParts({ confidence }: ProposalVersion): string {
  const parts = Object.entries(confidence.parts).flatMap(([name, value]) =>
    value === null ? [] : [`${name} ${percentText(value)}`],
  );
  return `(${parts.join(', ') || 'nothing was measured'})`;
}

function costText({ cost }: ProposalVersion): string {
  const tokens = cost.tokensIn + cost.tokensOut;
  const parts = [
    moneyText(cost.usd),
    ...(tokens > 0 ? [tokensText(tokens)] : []),
    durationText(cost.durationMs),
  ];
  return plainMarkdown(parts.join(', '));
}

const MOST_LISTED = 12;

function section(title: string, items: readonly string[]): string[] {
  if (items.length === 0) return [];
  const more = items.length > MOST_LISTED ? [`and ${items.length - MOST_LISTED} more`] : [];
  return [`**${title}**`, list([...items.slice(0, MOST_LISTED), ...more])];
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n');
}
