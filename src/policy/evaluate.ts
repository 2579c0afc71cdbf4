import { isProtectedPath, matchesAny, staysInside } from '../contracts/path-rules.ts';
import { authorityGlobs, companyPaths } from '../contracts/company.ts';
import type { Policy, PolicyRule, PolicyVerdict } from '../contracts/policy.ts';
import type { RiskLevel } from '../contracts/proposal.ts';

/** What a proposal amounts to, as far as policy looks at it. */
export interface PolicyRequest {
  /** Id of the workflow. */
  readonly workflow: string;
  /** Id of the agent that made the proposal. */
  readonly agent: string;
  readonly kind: 'files' | 'memory' | 'revert' | 'effect';
  /** Of an effect. */
  readonly connector?: string | undefined;
  readonly operation?: string | undefined;
  /** Every path that changes, those before a rename too. */
  readonly paths: readonly string[];
  readonly risk: RiskLevel;
  /** 0 to 1. */
  readonly confidence: number;
  readonly costUsd: number;
  /** Whether untrusted text was read on the way. */
  readonly tainted: boolean;
}

const riskOrder: readonly RiskLevel[] = ['low', 'medium', 'high'];

/**
 * Turns a request into allow, ask or deny: first the guards, which no rule can switch off, then the
 * first rule that fits, else ask.
 */
export function decidePolicy(policy: Policy, request: PolicyRequest): PolicyVerdict {
  const outside = request.paths.find((path) => !staysInside(path));
  if (outside !== undefined) return { then: 'deny', why: `“${outside}” is not a path in the company.` };
  const guarded = request.paths.find(isProtectedPath);
  const isOutbox = request.kind === 'effect' && guarded?.startsWith(`${companyPaths.outbox}/`) === true;
  if (guarded !== undefined && request.kind !== 'revert' && !isOutbox) {
    return { then: 'deny', why: `“${guarded}” may only be changed by the operator.` };
  }
  const verdict = byRules(policy.rules, request);
  if (verdict.then !== 'allow') return verdict;
  if (guarded !== undefined && !isOutbox)
    return { then: 'ask', why: `“${guarded}” is changed back only by the operator’s decision.` };
  const obeyed = request.paths.find((path) => matchesAny(path, authorityGlobs));
  if (obeyed !== undefined) {
    return {
      then: 'ask',
      why: `“${obeyed}” is obeyed later, so a rule alone cannot allow it (${verdict.why})`,
    };
  }
  if (request.tainted) {
    return {
      then: 'ask',
      why: `The run has read text from outside, so a rule alone cannot allow it (${verdict.why})`,
    };
  }
  return verdict;
}

function byRules(rules: readonly PolicyRule[], request: PolicyRequest): PolicyVerdict {
  const rule = rules.find((one) => fits(one, request));
  return rule
    ? { then: rule.then, why: rule.why }
    : { then: 'ask', why: 'No rule fits, so the operator is asked.' };
}

/** Every condition that is given must hold. */
function fits({ when, then }: PolicyRule, request: PolicyRequest): boolean {
  const {
    kind,
    path,
    connector,
    operation,
    agent,
    workflow,
    riskAtLeast,
    confidenceBelow,
    costAbove,
    tainted,
  } = when;
  if (kind !== undefined && kind !== request.kind) return false;
  // Nothing leaves the company by a rule that does not say so.
  if (kind === undefined && then === 'allow' && request.kind === 'effect') return false;
  if (connector && !(request.connector && matchesAny(request.connector, connector))) return false;
  if (operation && !(request.operation && matchesAny(request.operation, operation))) return false;
  if (path && !(request.paths.length > 0 && request.paths.every((changed) => matchesAny(changed, path))))
    return false;
  if (agent && !matchesAny(request.agent, agent)) return false;
  if (workflow && !matchesAny(request.workflow, workflow)) return false;
  if (riskAtLeast && riskOrder.indexOf(request.risk) < riskOrder.indexOf(riskAtLeast)) return false;
  if (confidenceBelow !== undefined && request.confidence >= confidenceBelow) return false;
  if (costAbove !== undefined && request.costUsd <= costAbove) return false;
  return tainted === undefined || tainted === request.tainted;
}
