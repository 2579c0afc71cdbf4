import type { ProposalSummary } from '../app/cairn.ts';
import { describeFailure } from '../base/failure.ts';
import { countText, moneyText, percentText } from '../protocol/wording.ts';

/** A proposal in a few lines: what, why, how sure, and what stands against it. */
export function describeProposal({
  id,
  stepName,
  status,
  current,
  findings,
  blocked,
}: ProposalSummary): string {
  const { intent, unlocks, risk, confidence, cost, files, sources, version, model } = current;
  const reasons = risk.reasons.length > 0 ? ` (${risk.reasons.join('; ')})` : '';
  const failed = findings.filter(({ passed }) => !passed);
  return [
    `${id}@${version}  ${intent}`,
    unlocks && `  ${unlocks}`,
    `  ${stepName}, ${status}, by ${modelText(model)}, ${moneyText(cost.usd)}`,
    `  risk ${risk.level}${reasons}, confidence ${percentText(confidence.value)}, ${countText(sources.length, 'source')}`,
    ...files.map(({ path, kind, added, removed }) => `  ${kind} ${path} +${added} −${removed}`),
    ...failed.map(({ path, message }) => `  ! ${path ?? ''} ${message}`),
    blocked && `  approved, but not applied: ${describeFailure(blocked)}`,
  ]
    .filter(Boolean)
    .join('\n');
}

/** The extractive model is labelled wherever its output shows. */
function modelText(model: string): string {
  return model === 'offline' ? 'the offline model (extractive)' : model;
}
