import { trailerKeys } from '../contracts/company.ts';
import type { Decision, ProposalVersion, Risk } from '../contracts/proposal.ts';

const SUBJECT_LENGTH = 72;

/** What a proposal's commit says of itself (design section 6). */
export interface Provenance {
  readonly run: string;
  readonly step: string;
  /** Risk is told of what is applied; before that it is not measured yet. */
  readonly proposal: Omit<ProposalVersion, 'commit' | 'base' | 'files' | 'risk'> &
    Partial<Pick<ProposalVersion, 'risk'>>;
  readonly decision?: Decision | undefined;
}

/** A commit message: the intent as its subject, what it unlocks, and the trailers. */
export function commitMessage(provenance: Provenance): string {
  const { intent, unlocks } = provenance.proposal;
  const subject = shorten(oneLine(intent));
  const body = [subject === oneLine(intent) ? '' : oneLine(intent), oneLine(unlocks)].filter(Boolean);
  return `${[subject, ...body, trailers(provenance)].join('\n\n')}\n`;
}

function trailers({ run, step, proposal, decision }: Provenance): string {
  const lines: [string, string][] = [
    [trailerKeys.run, run],
    [trailerKeys.step, step],
    [trailerKeys.agent, proposal.agent],
    [trailerKeys.model, proposal.model],
    [trailerKeys.intent, proposal.intent],
    ...(proposal.risk ? [riskLine(proposal.risk)] : []),
    [trailerKeys.confidence, proposal.confidence.value.toFixed(2)],
    [trailerKeys.cost, costText(proposal)],
  ];
  if (proposal.sources.length > 0) lines.push([trailerKeys.sources, proposal.sources.join(', ')]);
  if (decision) lines.push([trailerKeys.decision, decisionText(decision)]);
  return lines.map(([key, value]) => `${key}: ${oneLine(value)}`).join('\n');
}

function riskLine({ level, reasons }: Risk): [string, string] {
  return [trailerKeys.risk, reasons.length > 0 ? `${level} (${reasons.join('; ')})` : level];
}

function costText({ cost }: Pick<ProposalVersion, 'cost'>): string {
  return `${cost.tokensIn + cost.tokensOut} tokens, $${cost.usd.toFixed(4)}`;
}

function decisionText({ verdict, by, who, n, version, commit }: Decision): string {
  const done = verdict === 'approve' ? 'approved' : verdict;
  return `${done} by ${by} (${who}), proposal ${n} version ${version} ${commit}`;
}

/** Text from a model must not be able to end the line and forge a trailer. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function shorten(text: string): string {
  if (text.length <= SUBJECT_LENGTH) return text;
  const cut = text.slice(0, SUBJECT_LENGTH - 1);
  const space = cut.lastIndexOf(' ');
  return `${cut.slice(0, space > SUBJECT_LENGTH / 2 ? space : undefined).trimEnd()}…`;
}
